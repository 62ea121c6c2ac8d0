// Counts the characters of headline and summary, and lets text areas grow where the browser does not.

const growsByItself = CSS.supports("field-sizing", "content")
const counts = document.querySelectorAll("[data-tally]")

function grow(area) {
  area.style.setProperty("block-size", "auto")
  area.style.setProperty("block-size", `${area.scrollHeight + 2}px`)
}

function count(target) {
  for (const number of counts) {
    if (number.dataset.tally === target.id) number.textContent = [...target.value].length
  }
}

document.addEventListener("input", ({ target }) => {
  count(target)
  if (!growsByItself && target.matches("textarea.typed")) grow(target)
})
if (!growsByItself) for (const area of document.querySelectorAll("textarea.typed")) grow(area)

// A headline has one line, however it wraps: Enter goes on to the summary.
document.getElementById("id_headline")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return
  event.preventDefault()
  document.getElementById("id_summary")?.focus()
})

// The words keep their own language; the labels around them stay as they are.
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"]
document.getElementById("id_language")?.addEventListener("change", ({ target }) => {
  for (const words of document.querySelectorAll("[data-language]")) {
    words.lang = target.value
    words.dir = RIGHT_TO_LEFT.includes(target.value.split("-")[0]) ? "rtl" : "ltr"
  }
})
