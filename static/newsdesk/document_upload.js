// “Start from a document”: sends the rich text of a paste along, accepts a dropped file, and makes the
// draft as soon as a file is chosen, as the page says.
const form = document.querySelector("#content-main form[enctype]")
const { text, rich, file } = form.elements
let pastedHtml = ""
let lastPaste = null

form.querySelector("[data-at-once]").hidden = false
const makeDraft = () => {
  if (file.files.length && !text.value.trim()) form.requestSubmit(form.querySelector(".button.primary"))
}
file.addEventListener("change", makeDraft)

text.addEventListener("paste", ({ clipboardData }) => {
  const isWhole = text.selectionStart === 0 && text.selectionEnd === text.value.length
  pastedHtml = isWhole ? clipboardData.getData("text/html") : ""
})

// The browser tells of the paste again once its text stands in the box, before anything else can change it.
text.addEventListener("input", ({ inputType }) => {
  if (inputType === "insertFromPaste") lastPaste = { html: pastedHtml, text: text.value }
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
  makeDraft()
})
