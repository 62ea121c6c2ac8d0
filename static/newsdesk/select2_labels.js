// Select2 draws a box over each list and gives the box no label. Copy the label of the list, also
// in rows that are added later.
const say = window.gettext ?? ((text) => text)
const labelOf = (select) =>
  select.getAttribute("aria-label") ||
  document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.textContent.replace(/:\s*$/, "").trim() ||
  say("Choose")

function labelBoxes(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection")
    if (!box || box.dataset.labelled) continue
    box.dataset.labelled = "true"
    const value = box.querySelector(".select2-selection__rendered")
    box.setAttribute("aria-label", labelOf(select))
    box.removeAttribute("aria-labelledby")
    if (value?.id) box.setAttribute("aria-describedby", value.id)
    for (const wrong of ["role", "aria-readonly"]) value?.removeAttribute(wrong)
    for (const search of box.querySelectorAll(".select2-search__field")) {
      search.setAttribute("aria-label", labelOf(select))
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const main = document.getElementById("content-start")
  if (!main || !document.querySelector(".admin-autocomplete")) return
  labelBoxes(main)
  new MutationObserver(() => labelBoxes(main)).observe(main, { childList: true, subtree: true })
})
