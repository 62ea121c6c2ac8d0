// “New draft from a document”: sends the rich text of a paste along, and accepts a dropped file.
const form = document.querySelector("#content-main form")
const { text, rich, file } = form.elements
let lastPaste = null

text.addEventListener("paste", ({ clipboardData }) => {
  const isWhole = text.selectionStart === 0 && text.selectionEnd === text.value.length
  const html = isWhole ? clipboardData.getData("text/html") : ""
  setTimeout(() => {
    lastPaste = html ? { html, text: text.value } : null
  }, 0)
})

// The rich text no longer matches once somebody changes the text here.
form.addEventListener("submit", () => {
  rich.value = lastPaste && lastPaste.text === text.value ? lastPaste.html : ""
})

const hasFiles = (event) => [...event.dataTransfer.types].includes("Files")
form.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return
  event.preventDefault()
  form.classList.add("dropping")
})
form.addEventListener("dragleave", () => form.classList.remove("dropping"))
form.addEventListener("drop", (event) => {
  form.classList.remove("dropping")
  if (!hasFiles(event)) return
  event.preventDefault()
  file.files = event.dataTransfer.files
})
