// The checklist beside the words: asks again when typing pauses, leads to the field of each line,
// replaces words, and holds back a submission while there is something to do. The server renders it.
import { collectFields, form, onChange, selectWords } from "./form_fields.js";
import { showPanel } from "./side_tabs.js";

const home = document.querySelector("[data-checklist-address]")
const changes = document.getElementById("changes")
const status = document.querySelector("[data-checklist-status]")
const PAUSE = 700
const LINK_CHECK_PAUSE = 4000
const ignoredKey = `ignored:${home?.dataset.checklistAddress}`
let timer, request

const checklist = () => home.querySelector("[data-checklist]")

// --- What is ignored: for this tab of the browser alone -------------------------------------------

function readIgnored() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(ignoredKey) ?? "[]"))
  } catch {
    return new Set()
  }
}

function ignore(finding) {
  try {
    sessionStorage.setItem(ignoredKey, JSON.stringify([...readIgnored(), finding]))
  } catch {
    // Storage is full or not allowed: it is ignored until the next check.
  }
}

function finishList() {
  const ignored = readIgnored()
  for (const row of home.querySelectorAll("[data-finding]")) row.hidden = ignored.has(row.dataset.finding)
  const count = home.querySelector("[data-finding-count]")
  if (count) count.textContent = home.querySelectorAll("[data-finding]:not([hidden])").length
  for (const button of home.querySelectorAll("[data-replace], [data-ignore]")) button.hidden = false
  const todo = Number(checklist().dataset.todo)
  for (const badge of document.querySelectorAll("[data-todo-count]")) {
    badge.textContent = todo
    badge.hidden = !todo
  }
}

// --- Checking -------------------------------------------------------------------------------------

async function check(extra = {}) {
  clearTimeout(timer)
  request?.abort()
  request = new AbortController()
  let answer
  try {
    answer = await fetch(home.dataset.checklistAddress, {
      method: "POST", body: collectFields(extra), signal: request.signal, redirect: "error",
    })
  } catch {
    return false // no connection: keep the list, and try again at the next pause
  }
  if (!answer.ok) return false
  update(await answer.text())
  if (home.querySelector("[data-waiting]")) checkLater(LINK_CHECK_PAUSE)
  return true
}

function update(html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  const before = checklist().dataset.announce
  const hadFocus = home.contains(document.activeElement)
  home.replaceChildren(page.querySelector("[data-checklist]"))
  const list = page.querySelector("[data-changes]")
  if (list && changes) {
    changes.replaceChildren(list)
    document.querySelector('[href="#changes"] .count').textContent = list.dataset.count
  }
  showPublicWords(page)
  finishList()
  const now = checklist().dataset.announce
  if (now !== before) status.textContent = now
  if (hadFocus) home.querySelector("h2").focus()
}

/** Put what the public reads now beside each passage that was changed. */
function showPublicWords(page) {
  for (const place of document.querySelectorAll("[data-public-words]")) {
    const block = place.closest(".block")
    const fresh = page.querySelector(`[data-changed-passage="${block.id}"]`)
    if (place.innerHTML.trim() !== (fresh?.outerHTML ?? "")) place.replaceChildren(...(fresh ? [fresh] : []))
  }
}

function checkLater(pause = PAUSE) {
  clearTimeout(timer)
  timer = setTimeout(check, pause)
}

function replaceWords({ field: id, words, nth, replacement }) {
  const field = document.getElementById(id)
  if (!field || !selectWords(field, words, Number(nth))) return check()
  // Through the browser, so that the editor or the field can undo it.
  requestAnimationFrame(() => {
    document.execCommand("insertText", false, replacement)
    checkLater(0)
  })
}

function press(event) {
  const button = event.target.closest("button")
  if (button?.matches("[data-replace]")) replaceWords(button.dataset)
  if (button?.matches("[data-ignore]")) {
    const row = button.closest("[data-finding]")
    ignore(row.dataset.finding)
    finishList()
    home.querySelector("h2").focus()
  }
  if (button?.name === "_check_links") {
    event.preventDefault()
    check({ _check_links: "1" })
  }
  const link = event.target.closest("a[data-go-to]")
  const field = link && document.getElementById(link.hash.slice(1))
  if (!field) return
  event.preventDefault()
  event.stopPropagation()
  selectWords(field, link.dataset.words, Number(link.dataset.nth))
}

// --- Submitting -----------------------------------------------------------------------------------

/** Ask about what is typed now, then submit, or show what is to do. */
async function submit(event) {
  const button = event.submitter
  if (button?.name !== "_submit" || button.dataset.checked) return
  event.preventDefault()
  event.stopImmediatePropagation() // nothing is sent yet: autosave goes on
  const isChecked = await check()
  if (isChecked && Number(checklist().dataset.todo)) {
    showPanel("checklist")
    const first = home.querySelector(".todo a[data-go-to]") ?? home.querySelector("h2")
    first.focus()
    return
  }
  button.dataset.checked = "1" // the server refuses what is missing
  form.requestSubmit(button)
}

if (home && form) {
  onChange(() => checkLater())
  // On the panel, so that it runs before the handler of rich_text.js, which knows no words.
  home.addEventListener("click", press)
  document.getElementById("errors")?.addEventListener("click", press)
  form.addEventListener("submit", submit, { capture: true })
  addEventListener("pageshow", () => { for (const button of form.querySelectorAll("[data-checked]")) delete button.dataset.checked })
  finishList()
}
