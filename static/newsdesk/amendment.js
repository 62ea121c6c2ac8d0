// Shows the note of a correction as readers will see it, while its kind and its words are chosen.
import { showPanel } from "./side_tabs.js";

const section = document.querySelector("[data-amend]")

function show() {
  const chosen = section.querySelector(".kinds input:checked")
  const notice = section.querySelector("[data-notice]")
  const hasNote = Boolean(chosen) && chosen.value !== "typo"
  notice.hidden = !hasNote
  section.querySelector("[data-no-notice]").hidden = hasNote
  if (!hasNote) return
  notice.querySelector("b").textContent = chosen.dataset.shown
  notice.querySelector("[data-notice-text]").textContent = section.querySelector("textarea").value
}

if (section) {
  section.addEventListener("input", show)
  section.addEventListener("change", show)
  document.querySelector("[data-show-now]").addEventListener("click", (event) => {
    event.preventDefault()
    showPanel("preview")
    document.querySelector('[data-preview-which] [value="now"]').click()
  })
  show()
}
