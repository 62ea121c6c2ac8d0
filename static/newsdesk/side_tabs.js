// Makes the links beside the words a list of tabs with arrow keys. Each panel keeps its place of
// scrolling, and so do the words. Other scripts open a panel by showField().
const nav = document.querySelector("[data-side-tabs]")
const links = nav ? [...nav.querySelectorAll("a")] : []
const side = nav?.closest(".side")
const narrow = matchMedia("(max-width: 59.99rem)")
const places = new Map()

const panelOf = (link) => document.querySelector(`.tabpanel${link.hash}`)
const visibleLinks = () => links.filter((link) => link.offsetParent !== null)
const scroller = () => (narrow.matches ? document.scrollingElement : side)

function select(link, { focus = false } = {}) {
  const current = links.find((other) => other.getAttribute("aria-selected") === "true")
  if (current === link) return focus && link.focus()
  if (current) places.set(current, scroller().scrollTop)
  for (const other of links) {
    const isSelected = other === link
    other.setAttribute("aria-selected", isSelected)
    other.tabIndex = isSelected ? 0 : -1
    panelOf(other)?.classList.toggle("shown", isSelected)
  }
  document.querySelector(".write").classList.toggle("beside", panelOf(link) !== null)
  scroller().scrollTop = places.get(link) ?? 0
  if (focus) link.focus({ preventScroll: true })
  panelOf(link)?.dispatchEvent(new CustomEvent("shown", { bubbles: true }))
}

/** Show the panel with this id, or the words if no panel has it. */
export function showPanel(id) {
  const link = links.find((other) => other.hash === `#${id}`)
  if (link) select(link)
}

/** Show the view that holds a field, and open what it is folded in. */
export function showField(field) {
  const panel = field.closest(".tabpanel")
  if (panel) showPanel(panel.id)
  else if (narrow.matches) select(links[0])
  for (let at = field.closest("details"); at; at = at.parentElement.closest("details")) at.open = true
}

function showHash() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  const panel = target && target.closest(".tabpanel")
  if (panel) showPanel(panel.id)
}

if (nav) {
  nav.setAttribute("role", "tablist")
  nav.closest(".write").classList.add("tabs-run")
  for (const link of links) {
    link.setAttribute("role", "tab")
    link.id ||= `tab-${link.hash.slice(1)}`
    const panel = panelOf(link)
    if (!panel) continue
    link.setAttribute("aria-controls", panel.id)
    panel.setAttribute("role", "tabpanel")
    panel.removeAttribute("aria-label")
    panel.setAttribute("aria-labelledby", link.id)
  }
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a")
    if (!link || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    select(link)
  })
  nav.addEventListener("keydown", (event) => {
    const shown = visibleLinks()
    const at = shown.indexOf(document.activeElement)
    const goals = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }
    if (at < 0 || !(event.key in goals)) return
    event.preventDefault()
    select(shown[(goals[event.key] + shown.length) % shown.length], { focus: true })
  })
  const openView = () => {
    const current = links.find((link) => link.getAttribute("aria-selected") === "true")
    if (current && current.offsetParent !== null) return
    select(narrow.matches ? links[0] : links.find((link) => link.classList.contains("first")))
  }
  narrow.addEventListener("change", openView)
  addEventListener("hashchange", showHash)
  openView()
  showHash()
}
