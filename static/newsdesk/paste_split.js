// After a paste of several voices, offers to put each into a passage of its own with its speaker.
// Changes nothing before somebody agrees, and can undo it.

import { addBlock, blockOf, field, remove, setKind, setOption, setWords } from "./blocks.js";

const say = window.gettext ?? ((text) => text)
const QUOTED = /^\s*["“„«]/
const LINE = /:\s*$/
const blocks = (html) => [...new DOMParser().parseFromString(html, "text/html").body.children]
const withoutSpaces = (text) => text.replace(/\s+/g, "")

document.addEventListener("rich-text-paste", ({ target, detail }) => {
  // After the editor has handled the event.
  setTimeout(() => offerSplit(target, detail.clean || ""), 0)
})

async function offerSplit(textarea, pasted) {
  const row = blockOf(textarea)
  const texts = blocks(textarea.value).map((block) => block.textContent)
  const pastedTexts = blocks(pasted).map((block) => block.textContent)
  const isWholeText = withoutSpaces(texts.join("")) === withoutSpaces(pastedTexts.join(""))
  const hasVoices = texts.some((text) => QUOTED.test(text)) &&
    texts.some((text) => LINE.test(text) || !QUOTED.test(text))
  if (!row || !isWholeText || !hasVoices) return
  const split = await fetchSplit(textarea)
  if (split?.passages.length) showPanel(row, textarea, split)
}

async function fetchSplit(textarea) {
  const body = new FormData()
  body.set("text", textarea.value)
  body.set("language", document.getElementById("id_language")?.value || "en")
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
  const url = document.querySelector("[data-paste-split-url]").dataset.pasteSplitUrl
  try {
    const answer = await fetch(url, { method: "POST", body })
    return answer.ok ? await answer.json() : null
  } catch {
    return null // without a network the text stays in one passage
  }
}

function showPanel(row, textarea, split) {
  row.querySelector(".paste-split")?.remove()
  const panel = document.createElement("div")
  panel.className = "paste-split"
  panel.tabIndex = -1
  panel.setAttribute("role", "status")
  textarea.closest(".prose-editor").after(panel)
  const before = readPassage(row)
  const showOffer = () => {
    fillPanel(panel, [split.sentence], {
      [say("Split it into passages")]: () => {
        const added = splitIntoRows(row, split.passages)
        fillPanel(panel, [say("It is split into passages now."), ...split.messages], {
          [say("Put it back")]: () => {
            for (const addedRow of added) remove(addedRow, { silently: true })
            fillPassage(row, before)
            showOffer()
            panel.focus()
          },
          [say("Close")]: () => panel.remove(),
        })
        panel.focus()
      },
      [say("Leave it as it is")]: () => {
        panel.remove()
        textarea.closest(".prose-editor").querySelector(".ProseMirror").focus()
      },
    })
  }
  setTimeout(showOffer, 50) // a screen reader reads changes of a live region, not its first text
}

function fillPanel(panel, sentences, buttons) {
  panel.replaceChildren()
  for (const sentence of sentences) {
    const line = document.createElement("p")
    line.textContent = sentence
    panel.append(line)
  }
  for (const [label, onClick] of Object.entries(buttons)) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button"
    button.textContent = label
    button.addEventListener("click", onClick)
    panel.append(button)
  }
}

// --- Passages of the form ---------------------------------------------------------------------------

// Put the first passage into the row of the paste, the others into new rows straight after it.
function splitIntoRows(row, passages) {
  fillPassage(row, passages[0])
  let spot = row.closest(".spot")
  return passages.slice(1).map((passage) => {
    const added = addBlock(passage.speaker ? "quote" : "tell", spot)
    fillPassage(added, passage)
    spot = added.closest(".spot")
    return added
  })
}

function fillPassage(row, passage) {
  setKind(row, passage.kind ?? (passage.speaker ? "quote" : "tell"))
  setOption(field(row, "speaker"), passage.speaker)
  setOption(field(row, "appointment"), passage.appointment)
  for (const name of ["heading", "attribution"]) {
    setValue(field(row, name), passage[name])
    row.querySelector(`[data-line="${name}"]`).classList.toggle("shown", Boolean(passage[name]))
  }
  setWords(row, passage.body)
}

function readPassage(row) {
  const readOption = (name) => {
    const option = field(row, name).selectedOptions[0]
    return option?.value ? { id: option.value, text: option.textContent } : null
  }
  return {
    kind: row.dataset.kind,
    speaker: readOption("speaker"),
    appointment: readOption("appointment"),
    heading: field(row, "heading").value,
    attribution: field(row, "attribution").value,
    body: field(row, "body").value,
  }
}

function setValue(input, value) {
  input.value = value
  input.dispatchEvent(new Event("input", { bubbles: true }))
}
