// “New draft from a document”: keeps the rich form of what was pasted, and takes a file by drop.
const form = document.querySelector("#content-main form")
const { text, rich, file } = form.elements
let pasted = null

text.addEventListener("paste", ({ clipboardData }) => {
  const whole = text.selectionStart === 0 && text.selectionEnd === text.value.length
  const html = whole ? clipboardData.getData("text/html") : ""
  setTimeout(() => {
    pasted = html ? { html, text: text.value } : null
  }, 0)
})

// Once the words were changed here, the words count.
form.addEventListener("submit", () => {
  rich.value = pasted && pasted.text === text.value ? pasted.html : ""
})

const brings = (event) => [...event.dataTransfer.types].includes("Files")
form.addEventListener("dragover", (event) => {
  if (!brings(event)) return
  event.preventDefault()
  form.classList.add("dropping")
})
form.addEventListener("dragleave", () => form.classList.remove("dropping"))
form.addEventListener("drop", (event) => {
  form.classList.remove("dropping")
  if (!brings(event)) return
  event.preventDefault()
  file.files = event.dataTransfer.files
})
