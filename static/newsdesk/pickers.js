// Select2 draws a box over each list that it searches, and leaves the box without a name: give it
// the name of the list it stands for, also in rows that are added later.
const nameOf = (select) =>
  select.getAttribute("aria-label") ||
  document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.textContent.replace(/:\s*$/, "").trim() ||
  "Choose"

function named(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection")
    if (!box || box.dataset.named) continue
    box.dataset.named = "true"
    const value = box.querySelector(".select2-selection__rendered")
    box.setAttribute("aria-label", nameOf(select))
    box.removeAttribute("aria-labelledby")
    if (value?.id) box.setAttribute("aria-describedby", value.id)
    for (const wrong of ["role", "aria-readonly"]) value?.removeAttribute(wrong)
    for (const search of box.querySelectorAll(".select2-search__field")) {
      search.setAttribute("aria-label", nameOf(select))
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const main = document.getElementById("main")
  if (!main || !document.querySelector(".admin-autocomplete")) return
  named(main)
  new MutationObserver(() => named(main)).observe(main, { childList: true, subtree: true })
})
