// House style beside the form: looks again when typing pauses, jumps to the very words, replaces
// them. What the server says of the typed words is put in place of what it said before.
const panel = document.getElementById("house-style")
const status = document.getElementById("house-style-status")
const form = panel?.closest("form")
const PAUSE = 700
let timer, asked

// --- The words of a field, as the server counts them ---------------------------------------------

const editorOf = (field) => field.closest(".prose-editor")?.querySelector(".ProseMirror")

/** The text nodes under an editor and their text, its lines divided by line ends. */
function read(root) {
  const pieces = []
  let text = ""
  const line = () => { if (text && !text.endsWith("\n")) text += "\n" }
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      pieces.push({ node, at: text.length })
      text += node.data
    } else if (node.nodeName === "BR") {
      line()
    } else {
      for (const child of node.childNodes) walk(child)
      if (/^(P|LI|UL|OL)$/.test(node.nodeName)) line()
    }
  }
  walk(root)
  return { text, pieces }
}

/** Where the nth of these words begins, else the first, else -1. */
function place(text, words, nth) {
  let at = -1
  for (let count = 0; count <= nth; count += 1) {
    const next = text.indexOf(words, at < 0 ? 0 : at + words.length)
    if (next < 0) return at
    at = next
  }
  return at
}

function rangeOf(editor, words, nth) {
  const { text, pieces } = read(editor)
  const at = place(text, words, nth)
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

function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true
  }
}

/** Focus the field, its very words selected; false if they stand there no longer. */
function select(field, words, nth) {
  unfold(field)
  const editor = editorOf(field)
  if (editor) {
    editor.focus()
    const range = words ? rangeOf(editor, words, nth) : null
    if (range) {
      const selection = window.getSelection()
      selection.removeAllRanges()
      selection.addRange(range)
      mark(range)
      range.startContainer.parentElement.scrollIntoView({ block: "center" })
    } else {
      editor.scrollIntoView({ block: "center" })
    }
    return Boolean(range)
  }
  const shown = field.nextElementSibling?.querySelector?.(".select2-selection") ?? field
  shown.focus()
  shown.scrollIntoView({ block: "center" })
  if (!words || typeof field.setSelectionRange !== "function") return false
  const at = place(field.value, words, nth)
  if (at < 0) return false
  field.setSelectionRange(at, at + words.length)
  return true
}

function mark(range) {
  if (!CSS.highlights) return
  CSS.highlights.set("house-style", new Highlight(range))
}

// --- Looking again ------------------------------------------------------------------------------

function typed(extra) {
  const data = new FormData(form)
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
  data.set("_typed_themes", "1")
  for (const [name, value] of Object.entries(extra)) data.set(name, value)
  return data
}

async function look(extra = {}) {
  asked?.abort()
  asked = new AbortController()
  let answer
  try {
    answer = await fetch(panel.dataset.address, {
      method: "POST", body: typed(extra), signal: asked.signal, redirect: "error",
    })
  } catch {
    return // no connection: what was said before stays, and the next pause tries again
  }
  if (!answer.ok) return
  show(await answer.text())
  if (panel.querySelector("[data-waiting]")) later(4000)
}

function show(html) {
  const before = panel.querySelector(".style-found")?.dataset.announce
  const held = panel.contains(document.activeElement)
  panel.innerHTML = html
  dress()
  const now = panel.querySelector(".style-found")?.dataset.announce
  if (now !== before) status.textContent = now
  if (held) panel.closest("details").querySelector("summary").focus()
}

function later(pause = PAUSE) {
  clearTimeout(timer)
  timer = setTimeout(look, pause)
}

/** What works by script alone is shown by script alone. */
function dress() {
  for (const button of panel.querySelectorAll(".style-replace")) button.hidden = false
}

function replace({ field: id, words, nth, instead }) {
  const field = document.getElementById(id)
  if (!field || !select(field, words, Number(nth))) return look()
  // Through the browser, so that the editor or the field can undo it.
  requestAnimationFrame(() => {
    document.execCommand("insertText", false, instead)
    later(0)
  })
}

if (panel && form) {
  form.addEventListener("input", () => later())
  form.addEventListener("change", () => later())
  window.django?.jQuery(form).on("change", "select", () => later())
  // Before writing.js sees it: this link knows the very words.
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (button?.matches(".style-replace")) replace(button.dataset)
    if (button?.matches(".style-check")) {
      event.preventDefault()
      look({ _check_links: "1" })
    }
    const link = event.target.closest("a[data-words]")
    const field = link && document.getElementById(link.hash.slice(1))
    if (!field) return
    event.preventDefault()
    event.stopPropagation()
    select(field, link.dataset.words, Number(link.dataset.nth))
  })
  dress()
}
