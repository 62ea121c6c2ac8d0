// Shows the public page of what is typed, in a frame that runs no script. Nothing is saved for it.
// Each answer replaces the page in the frame, so that it keeps its place and its style sheets; an
// answer that is overtaken by a newer question is dropped.
import { collectFields, onChange } from "./form_fields.js";

const panel = document.getElementById("preview")
const holder = panel?.querySelector("[data-preview-frame]")
const frame = holder?.querySelector("iframe")
const button = panel?.querySelector("[data-preview-address]")
const status = panel?.querySelector("[data-preview-status]")
const PAUSE = 500
const DESKTOP_WIDTH = 1200
const say = window.gettext ?? ((text) => text)
let timer, request, isStale = true

const isShown = () => panel.offsetParent !== null

async function ask() {
  request?.abort()
  const own = (request = new AbortController())
  const isNow = panel.querySelector('[data-preview-which] [value="now"]')?.getAttribute("aria-pressed") === "true"
  const options = { signal: own.signal, redirect: "error" }
  try {
    const answer = isNow
      ? await fetch(button.dataset.nowAddress, options)
      : await fetch(button.dataset.previewAddress, { ...options, method: "POST", body: collectFields() })
    if (!answer.ok) throw new Error(answer.status)
    const html = await answer.text()
    if (own !== request) return
    show(html)
    isStale = false
    status.textContent = Number(answer.headers.get("X-Unusable-Fields"))
      ? say("Something you typed cannot be shown. The checklist and your draft say what is wrong.") : ""
  } catch {
    if (own.signal.aborted) return
    status.textContent = say("The preview is not up to date: there was no answer. Your words are not affected.")
  }
}

/** Put the page into the frame, without what only works on a page of its own. */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  for (const part of page.querySelectorAll("script")) part.remove()
  for (const link of page.querySelectorAll("a[href]")) link.removeAttribute("href")
  for (const control of page.querySelectorAll("button, input")) control.disabled = true
  for (const part of page.querySelectorAll("[tabindex]")) part.removeAttribute("tabindex")
  const shown = frame.contentDocument
  holder.hidden = false
  if (shown.body.childElementCount && shown.querySelector("link[rel=stylesheet]")) {
    shown.documentElement.lang = page.documentElement.lang
    shown.body.replaceWith(shown.adoptNode(page.body))
    fit()
  } else {
    shown.replaceChild(shown.adoptNode(page.documentElement), shown.documentElement)
    for (const sheet of shown.querySelectorAll("link[rel=stylesheet]")) sheet.addEventListener("load", fit)
    fit()
  }
}

/** Give the frame the height of its page, and let a desktop page shrink into the panel. */
function fit() {
  const isDesktop = panel.querySelector('[data-preview-sizes] [value="desktop"]').getAttribute("aria-pressed") === "true"
  holder.classList.toggle("phone", !isDesktop)
  const width = isDesktop ? DESKTOP_WIDTH : holder.clientWidth
  const scale = holder.clientWidth / width
  frame.style.width = `${width}px`
  frame.style.transform = isDesktop ? `scale(${scale})` : ""
  frame.style.height = "0"
  const height = frame.contentDocument.documentElement.scrollHeight
  frame.style.height = `${height}px`
  holder.style.height = `${Math.ceil(height * scale)}px`
}

function askLater(pause = PAUSE) {
  isStale = true
  clearTimeout(timer)
  if (isShown()) timer = setTimeout(ask, pause)
}

function press(event) {
  const chosen = event.target.closest("[aria-pressed]")
  if (!chosen) return
  for (const other of chosen.parentElement.children) other.setAttribute("aria-pressed", other === chosen)
  if (chosen.closest("[data-preview-which]")) ask()
  else if (!holder.hidden) fit()
}

if (panel && frame) {
  for (const group of panel.querySelectorAll("[data-preview-sizes], [data-preview-which]")) group.hidden = false
  panel.addEventListener("click", press)
  panel.addEventListener("shown", () => { if (isStale) ask() })
  onChange(() => askLater())
  new ResizeObserver(() => { if (isShown() && !holder.hidden) requestAnimationFrame(fit) }).observe(panel)
  if (isShown()) ask()
}
