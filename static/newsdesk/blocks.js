// The passages of the writing page: add, change, duplicate and remove them in place. Without this
// script the same buttons send the form, which comes back with the passage there.
import { place, renumber, say } from "./block_order.js";
import { addFile } from "./files.js";

const group = document.getElementById("passages-group")
const template = document.getElementById("new-passage")
const form = group?.closest("form")

export const field = (block, name) => block.querySelector(`[name="${block.id}-${name}"]`)
export const blockOf = (element) => element.closest("#passages-group .block")
const EMPTY_TABLE = `<table>${`<tr>${"<th></th>".repeat(3)}</tr>`}${`<tr>${"<td></td>".repeat(3)}</tr>`.repeat(2)}</table>`

// --- Adding -----------------------------------------------------------------------------------------

/** Add a passage of this kind after a place between passages, or at the end; return its block. */
export function addBlock(kind, after = null) {
  const total = form.elements["passages-TOTAL_FORMS"]
  const holder = document.createElement("template")
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value)
  const spot = holder.content.querySelector(".spot")
  total.value = Number(total.value) + 1
  place(spot, after)
  const block = spot.querySelector(".block")
  setKind(block, kind)
  renumber()
  block.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "passages" } }))
  block.dispatchEvent(new Event("input", { bubbles: true }))
  return block
}

function addByButton(button) {
  const [kind] = button.value.split("-")
  const after = button.closest(".spot")
  const insert = button.closest("details")
  if (insert) insert.open = false
  if (kind === "heading") return addSubheading(after)
  const block = addBlock(kind, after)
  if (kind === "table") setWords(block, EMPTY_TABLE)
  if (kind === "picture") showFile(block, addFile())
  focusBlock(block)
  say(block, group.dataset.added)
}

/** Show the sub-heading of the passage that follows; without one, add narration with it. */
function addSubheading(after) {
  const next = after?.nextElementSibling?.querySelector?.(".block:not([hidden])")
  const block = next && !field(next, "heading").value ? next : addBlock("tell", after)
  askFor(block, "heading")
}

/** Focus what has to be chosen or typed first. */
export function focusBlock(block) {
  const voice = block.querySelector(".who button, .who .select2-selection, .who select")
  if (block.dataset.kind === "picture") {
    return block.querySelector(field(block, "shows").value ? "input[type=file], textarea" : ".moves button").focus()
  }
  const isUnspoken = block.dataset.kind === "quote" && !field(block, "speaker").value
  if (isUnspoken && voice && voice.offsetParent) return voice.focus()
  focusWords(block)
}

export function focusWords(block) {
  const words = block.querySelector(".ProseMirror") ?? field(block, "body")
  words.focus()
  words.scrollIntoView({ block: "nearest" })
}

// --- Pictures ---------------------------------------------------------------------------------------

/** Let a picture stand in this place: its fields move here. */
function showFile(block, file) {
  block.querySelector("[data-place-of-file]").append(file)
  field(block, "shows").value = file.id
}

function moveToGallery(block) {
  const file = block.querySelector("[data-file]")
  if (file) document.querySelector("#attachments-group > .only-scripted").before(file)
  field(block, "shows").value = ""
  remove(block, { silently: true })
  file?.querySelector("textarea, input:not([type=hidden])")?.focus()
}

function placePicture(file) {
  const block = addBlock("picture")
  showFile(block, file)
  block.scrollIntoView({ block: "center" })
  block.querySelector('.moves [value^="up-"]').focus()
  say(block, group.dataset.added)
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-place-picture]")
  if (button) placePicture(button.closest("[data-file]"))
})

// --- Changing ---------------------------------------------------------------------------------------

export function setKind(block, kind) {
  block.classList.remove("quote", "tell", "table", "picture")
  block.classList.add(kind)
  block.dataset.kind = kind
  field(block, "kind").value = kind
  if (kind !== "quote") keepSpeaker(block)
  else restoreSpeaker(block)
}

// Who spoke is kept for the moment, in case somebody changes their mind.
const kept = new WeakMap()

function keepSpeaker(block) {
  kept.set(block, ["speaker", "appointment"].map((name) => field(block, name).value))
  for (const name of ["speaker", "appointment"]) setOption(field(block, name), null)
}

function restoreSpeaker(block) {
  const [speaker, role] = kept.get(block) ?? []
  if (speaker && !field(block, "speaker").value) {
    setOption(field(block, "speaker"), { id: speaker })
    setOption(field(block, "appointment"), role ? { id: role } : null)
  }
}

/** Choose a row in a list that is filled by searching. */
export function setOption(select, choice) {
  if (choice && ![...select.options].some((option) => option.value === String(choice.id))) {
    select.append(new Option(choice.text, choice.id))
  }
  select.value = choice ? String(choice.id) : ""
  const $ = window.django?.jQuery
  if ($) $(select).trigger("change")
  select.dispatchEvent(new Event("change", { bubbles: true }))
}

function askFor(block, name) {
  const line = block.querySelector(`[data-line="${name}"]`)
  line.classList.add("shown")
  if (name === "attribution") block.querySelector("[data-said]")?.setAttribute("hidden", "")
  const input = field(block, name)
  if (name === "attribution" && !input.value) input.value = block.querySelector("[data-said]")?.textContent ?? ""
  input.focus()
}

function duplicate(block) {
  const copy = addBlock(block.dataset.kind, block.closest(".spot"))
  for (const name of ["speaker", "appointment"]) {
    const option = field(block, name).selectedOptions[0]
    setOption(field(copy, name), option?.value ? { id: option.value, text: option.textContent } : null)
  }
  for (const name of ["heading", "attribution"]) {
    field(copy, name).value = field(block, name).value
    if (field(block, name).value) copy.querySelector(`[data-line="${name}"]`).classList.add("shown")
  }
  setWords(copy, field(block, "body").value)
  focusWords(copy)
  say(copy, group.dataset.added)
}

export function setWords(block, html) {
  field(block, "body").dispatchEvent(new CustomEvent("set-rich-text", { detail: html }))
}

/** Mark the passage for removal at the save, and offer to take that back. */
export function remove(block, { silently = false } = {}) {
  if (silently && !field(block, "id").value) { // it was never saved
    block.closest(".spot").remove()
    return renumber()
  }
  const file = block.querySelector('[data-file] [name$="-DELETE"]')
  field(block, "DELETE").checked = true
  if (file) file.checked = true
  block.hidden = true
  renumber()
  form.dispatchEvent(new Event("input", { bubbles: true }))
  if (silently) return
  const bar = document.getElementById("removed-passage").content.firstElementChild.cloneNode(true)
  bar.querySelector("[data-label]").textContent = block.getAttribute("aria-label")
  bar.querySelector("button").addEventListener("click", () => {
    field(block, "DELETE").checked = false
    if (file) file.checked = false
    block.hidden = false
    bar.remove()
    renumber()
    form.dispatchEvent(new Event("input", { bubbles: true }))
    block.querySelector(".moves summary").focus()
  })
  block.before(bar)
  bar.querySelector("button").focus()
}

const ACTIONS = {
  heading: (block) => askFor(block, "heading"),
  attribution: (block) => askFor(block, "attribution"),
  tell: (block) => { setKind(block, "tell"); renumber(); focusWords(block) },
  quote: (block) => { setKind(block, "quote"); renumber(); focusBlock(block) },
  gallery: moveToGallery,
  duplicate,
  remove: (block) => remove(block),
}

function start() {
  group.addEventListener("click", (event) => {
    const adder = event.target.closest("button[name=_add]")
    const action = event.target.closest("button[data-do]")
    if (!adder && !action) return
    event.preventDefault()
    if (adder) return addByButton(adder)
    action.closest("details").open = false
    ACTIONS[action.dataset.do](blockOf(action))
  })
  // A line that is made from the speaker is wrong once somebody else speaks.
  group.addEventListener("change", (event) => {
    if (event.target.name?.endsWith("-speaker")) {
      blockOf(event.target)?.querySelector("[data-said]")?.remove()
      renumber()
    }
  })
  const added = group.querySelector(".block[data-added]")
  if (added) addEventListener("load", () => focusBlock(added))
}

if (group && template) start()
