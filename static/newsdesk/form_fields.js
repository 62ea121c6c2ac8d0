// Reads the form of a statement as it is sent to be checked or previewed, and finds its fields.
import { showField } from "./side_tabs.js";

export const form = document.getElementById("statement_form")

/** Return what is typed, without files: reading one would store it. */
export function collectFields(extra = {}) {
  const data = new FormData(form)
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
  for (const [name, value] of Object.entries(extra)) data.set(name, value)
  return data
}

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

function highlight(range) {
  if (CSS.highlights) CSS.highlights.set("house-style", new Highlight(range))
}

function selectInEditor(editor, words, nth) {
  editor.focus()
  const range = words ? makeRange(editor, words, nth) : null
  if (!range) {
    editor.scrollIntoView({ block: "center" })
    return false
  }
  const selection = window.getSelection()
  selection.removeAllRanges()
  selection.addRange(range)
  highlight(range)
  range.startContainer.parentElement.scrollIntoView({ block: "center" })
  return true
}

const isVisible = (element) => element.getClientRects().length > 0

/** Return what stands for the field on the page: itself, its search field, or what is near it. */
function findVisible(field) {
  const search = field.nextElementSibling?.querySelector?.(".select2-selection")
  if (search) return search
  if (isVisible(field) && field.matches("input, select, textarea, button, a, summary, [tabindex]")) return field
  let near = isVisible(field) ? field : field.parentElement
  while (near.parentElement && !isVisible(near)) near = near.parentElement
  const stops = near.querySelectorAll("button, input, select, textarea, summary, [contenteditable=true]")
  return [...stops].find((stop) => isVisible(stop) && !stop.disabled && stop.tabIndex >= 0) ?? near
}

/** Focus the field and select the words; return false if they are no longer there. */
export function selectWords(field, words = "", nth = 0) {
  showField(field)
  const editor = findEditor(field)
  if (editor) return selectInEditor(editor, words, nth)
  field.closest(".asked")?.classList.add("shown")
  const chip = field.closest(".voice-selects")?.parentElement.querySelector("[data-voice-open]")
  if (chip && isVisible(chip)) {
    chip.scrollIntoView({ block: "center" })
    chip.focus()
    chip.click() // it opens the list of speakers and roles
    return false
  }
  const visible = findVisible(field)
  visible.focus()
  visible.scrollIntoView({ block: "center" })
  if (!words || typeof field.setSelectionRange !== "function") return false
  const at = findWords(field.value, words, nth)
  if (at < 0) return false
  field.setSelectionRange(at, at + words.length)
  return true
}

/** Call it when somebody has changed the form: typed, chosen, added, moved or removed. */
export function onChange(call) {
  form.addEventListener("input", call)
  form.addEventListener("change", call)
  form.addEventListener("click", (event) => { if (event.target.closest("button[type=button]")) call() })
  window.django?.jQuery(form).on("change", "select", call)
}
