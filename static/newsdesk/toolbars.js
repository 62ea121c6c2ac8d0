// A toolbar is one stop of the Tab key; arrow keys, Home and End go from button to button.

const BUTTONS = "button, summary, [role=button]"

const buttonsOf = (toolbar) =>
  [...toolbar.querySelectorAll(BUTTONS)].filter((button) =>
    button.offsetParent && !button.matches(".grip") && !button.closest("details > ul"))

/** Let one button of the toolbar take the focus, and no other. */
export function startToolbar(toolbar) {
  toolbar.setAttribute("role", "toolbar")
  const all = [...toolbar.querySelectorAll(BUTTONS)].filter((button) => !button.closest("details > ul"))
  const first = all.find((button) => !button.matches(".grip, .hidden")) ?? all[0]
  for (const button of all) button.tabIndex = button === first ? 0 : -1
}

document.addEventListener("focusin", ({ target }) => {
  const toolbar = target.closest?.("[role=toolbar]")
  if (!toolbar || !target.matches(BUTTONS) || target.closest("details > ul")) return
  for (const button of toolbar.querySelectorAll(BUTTONS)) {
    if (!button.closest("details > ul")) button.tabIndex = button === target ? 0 : -1
  }
})

document.addEventListener("keydown", (event) => {
  const toolbar = event.target.closest?.("[role=toolbar]")
  if (!toolbar || event.altKey || event.ctrlKey || event.metaKey) return
  const menu = event.target.closest("details[open]")
  if (menu && toolbar.contains(menu) && /^Arrow(Up|Down)$/.test(event.key)) return moveInMenu(menu, event)
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const buttons = buttonsOf(toolbar)
  const at = buttons.indexOf(event.target)
  if (at < 0 || (!step && event.key !== "Home" && event.key !== "End")) return
  event.preventDefault()
  const next = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : at + step
  buttons[(next + buttons.length) % buttons.length].focus()
})

function moveInMenu(menu, event) {
  event.preventDefault()
  const items = [...menu.querySelectorAll("ul button, ul a")].filter((item) => item.offsetParent)
  const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)
  items[(at + items.length) % items.length].focus()
}

const startAll = (root) => { for (const toolbar of root.querySelectorAll("[role=toolbar]")) startToolbar(toolbar) }
startAll(document)
document.addEventListener("formset:added", ({ target }) => startAll(target.closest(".spot") ?? target))
