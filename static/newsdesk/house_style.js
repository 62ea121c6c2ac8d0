// The house-style panel next to the form: check the text when typing pauses, jump to the words of
// a finding, and replace them. Each answer of the server replaces the content of the panel.
const panel = document.getElementById("house-style")
const status = document.getElementById("house-style-status")
const form = panel?.closest("form")
const PAUSE = 700
const LINK_CHECK_PAUSE = 4000
let timer, request

// --- The text of a field, as the server counts it -------------------------------------------------

const findEditor = (field) => field.closest(".prose-editor")?.querySelector(".ProseMirror")

/** Return the text of an editor, its lines separated by line feeds, and its text nodes. */
function readText(root) {
  const pieces = []
  let text = ""
  const endLine = () => { if (text && !text.endsWith("\n")) text += "\n" }
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      pieces.push({ node, at: text.length })
      text += node.data
    } else if (node.nodeName === "BR") {
      endLine()
    } else {
      for (const child of node.childNodes) walk(child)
      if (/^(P|LI|UL|OL)$/.test(node.nodeName)) endLine()
    }
  }
  walk(root)
  return { text, pieces }
}

/** Return the start of the nth occurrence of the words, or of the last one, or -1. */
function findWords(text, words, nth) {
  let at = -1
  for (let count = 0; count <= nth; count += 1) {
    const next = text.indexOf(words, at < 0 ? 0 : at + words.length)
    if (next < 0) return at
    at = next
  }
  return at
}

function makeRange(editor, words, nth) {
  const { text, pieces } = readText(editor)
  const at = findWords(text, words, nth)
  if (at < 0) return null
  const range = document.createRange()
  for (const { node, at: from } of pieces) {
    if (from <= at && at <= from + node.length) range.setStart(node, at - from)
    const end = at + words.length
    if (from < end && end <= from + node.length) {
      range.setEnd(node, end - from)
      return range
    }
  }
  return null
}

function openDetails(field) {
  for (
    let details = field.closest("details");
    details;
    details = details.parentElement.closest("details")
  ) {
    details.open = true
  }
}

/** Focus the field and select the words; return false if they are no longer there. */
function selectWords(field, words, nth) {
  openDetails(field)
  const editor = findEditor(field)
  if (editor) {
    editor.focus()
    const range = words ? makeRange(editor, words, nth) : null
    if (range) {
      const selection = window.getSelection()
      selection.removeAllRanges()
      selection.addRange(range)
      highlight(range)
      range.startContainer.parentElement.scrollIntoView({ block: "center" })
    } else {
      editor.scrollIntoView({ block: "center" })
    }
    return Boolean(range)
  }
  const visible = field.nextElementSibling?.querySelector?.(".select2-selection") ?? field
  visible.focus()
  visible.scrollIntoView({ block: "center" })
  if (!words || typeof field.setSelectionRange !== "function") return false
  const at = findWords(field.value, words, nth)
  if (at < 0) return false
  field.setSelectionRange(at, at + words.length)
  return true
}

function highlight(range) {
  if (!CSS.highlights) return
  CSS.highlights.set("house-style", new Highlight(range))
}

// --- Checking -----------------------------------------------------------------------------------

function collectFields(extra) {
  const data = new FormData(form)
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
  data.set("_typed_themes", "1")
  for (const [name, value] of Object.entries(extra)) data.set(name, value)
  return data
}

async function check(extra = {}) {
  request?.abort()
  request = new AbortController()
  let response
  try {
    response = await fetch(panel.dataset.address, {
      method: "POST", body: collectFields(extra), signal: request.signal, redirect: "error",
    })
  } catch {
    return // no connection: keep the findings, and try again at the next pause
  }
  if (!response.ok) return
  update(await response.text())
  if (panel.querySelector("[data-waiting]")) checkLater(LINK_CHECK_PAUSE)
}

function update(html) {
  const before = panel.querySelector(".style-found")?.dataset.announce
  const hadFocus = panel.contains(document.activeElement)
  panel.innerHTML = html
  showButtons()
  const now = panel.querySelector(".style-found")?.dataset.announce
  if (now !== before) status.textContent = now
  if (hadFocus) panel.closest("details").querySelector("summary").focus()
}

function checkLater(pause = PAUSE) {
  clearTimeout(timer)
  timer = setTimeout(check, pause)
}

/** Show the buttons that work only with this script. */
function showButtons() {
  for (const button of panel.querySelectorAll(".style-replace")) button.hidden = false
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

if (panel && form) {
  form.addEventListener("input", () => checkLater())
  form.addEventListener("change", () => checkLater())
  window.django?.jQuery(form).on("change", "select", () => checkLater())
  // On the panel, so that it runs before the handler of rich_text.js, which knows no words.
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (button?.matches(".style-replace")) replaceWords(button.dataset)
    if (button?.matches(".style-check")) {
      event.preventDefault()
      check({ _check_links: "1" })
    }
    const link = event.target.closest("a[data-words]")
    const field = link && document.getElementById(link.hash.slice(1))
    if (!field) return
    event.preventDefault()
    event.stopPropagation()
    selectWords(field, link.dataset.words, Number(link.dataset.nth))
  })
  showButtons()
}
