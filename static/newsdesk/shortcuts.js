// Keys for writing: Ctrl+S saves, Ctrl+Enter submits, Ctrl+/ lists them. None without Ctrl or Alt,
// so that no letter that somebody types, and no key of a screen reader, does anything else.

const form = document.getElementById("statement_form")
const list = document.getElementById("shortcuts")

const press = (name) => form.querySelector(`button[name="${name}"]:not([aria-hidden])`)?.click()

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return
  const action = {
    s: () => press("_continue"),
    Enter: () => press("_submit"),
    "/": () => (list.open ? list.close() : list.showModal()),
  }[event.key]
  if (!action) return
  event.preventDefault()
  event.stopPropagation()
  action()
}, { capture: true })

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-shortcuts]")) list?.showModal()
})
