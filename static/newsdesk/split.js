// After a paste of several voices: offers to put each into a passage of its own, speaker and all.
// Nothing happens unasked, and what happened can be put back.

const $ = window.django?.jQuery
const QUOTED = /^\s*["“„«]/
const LINE = /:\s*$/
const blocks = (html) => [...new DOMParser().parseFromString(html, "text/html").body.children]
const squeezed = (text) => text.replace(/\s+/g, "")

document.addEventListener("words-pasting", ({ target, detail }) => {
  // After the editor took it, which is in this same turn.
  setTimeout(() => offer(target, detail.clean || ""), 0)
})

async function offer(textarea, pasted) {
  const row = textarea.closest("#passages-group .inline-related")
  const texts = blocks(textarea.value).map((one) => one.textContent)
  const all = squeezed(texts.join("")) === squeezed(blocks(pasted).map((one) => one.textContent).join(""))
  const several = texts.some((text) => QUOTED.test(text)) &&
    texts.some((text) => LINE.test(text) || !QUOTED.test(text))
  if (!row || !all || !several) return
  const found = await ask(textarea)
  if (found?.passages.length) show(row, textarea, found)
}

async function ask(textarea) {
  const body = new FormData()
  body.set("words", textarea.value)
  body.set("language", document.getElementById("id_language")?.value || "en")
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
  const address = document.querySelector("[data-pasted]").dataset.pasted
  try {
    const answer = await fetch(address, { method: "POST", body })
    return answer.ok ? await answer.json() : null
  } catch {
    return null // without a network the words are there, in one piece
  }
}

function show(row, textarea, found) {
  row.querySelector(".pasted")?.remove()
  const panel = document.createElement("div")
  panel.className = "pasted"
  panel.tabIndex = -1
  panel.setAttribute("role", "status")
  textarea.closest(".prose-editor").after(panel)
  const before = snapshot(row, textarea)
  const propose = () => {
    say(panel, [found.sentence], {
      "Split it into passages": () => {
        const added = fill(row, textarea, found.passages)
        say(panel, [`It is split into passages now.`, ...found.told], {
          "Put it back": () => {
            for (const one of added) one.querySelector(".inline-deletelink")?.click()
            restore(row, textarea, before)
            propose()
            panel.focus()
          },
          "Close": () => panel.remove(),
        })
        panel.focus()
      },
      "Leave it as it is": () => {
        panel.remove()
        textarea.closest(".prose-editor").querySelector(".ProseMirror").focus()
      },
    })
  }
  setTimeout(propose, 50) // a live region speaks of what changes in it, not of what it came with
}

function say(panel, sentences, buttons) {
  panel.replaceChildren()
  for (const sentence of sentences) {
    const line = document.createElement("p")
    line.textContent = sentence
    panel.append(line)
  }
  for (const [name, act] of Object.entries(buttons)) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button"
    button.textContent = name
    button.addEventListener("click", act)
    panel.append(button)
  }
}

// --- Rows of the form ---------------------------------------------------------------------------------

const field = (row, name) => row.querySelector(`[name$="-${name}"]`)
const rows = () => [...document.querySelectorAll("#passages-group .inline-related:not(.empty-form)")]

/* The first into the row of the paste, the others into new rows straight after it. */
function fill(row, textarea, passages) {
  const later = rows().slice(rows().indexOf(row) + 1)
  const first = rows().indexOf(row) + 1
  put(row, textarea, passages[0])
  const added = passages.slice(1).map((passage) => {
    document.querySelector("#passages-group .add-row a").click()
    const fresh = rows().at(-1)
    put(fresh, field(fresh, "body"), passage)
    return fresh
  })
  if (later.some((one) => field(one, "body").value)) {
    added.forEach((one, place) => set(field(one, "place"), String(first + 1 + place)))
  }
  return added
}

function put(row, textarea, passage) {
  choose(field(row, "speaker"), passage.speaker)
  choose(field(row, "appointment"), passage.appointment)
  set(field(row, "heading"), passage.heading)
  set(field(row, "attribution"), passage.attribution)
  textarea.dispatchEvent(new CustomEvent("set-words", { detail: passage.body }))
  if (passage.heading || passage.attribution) {
    for (const fold of row.querySelectorAll("details")) fold.open = true
  }
}

function snapshot(row, textarea) {
  const chosen = (name) => {
    const option = field(row, name).selectedOptions[0]
    return option?.value ? { id: option.value, text: option.textContent } : null
  }
  return {
    speaker: chosen("speaker"),
    appointment: chosen("appointment"),
    heading: field(row, "heading").value,
    attribution: field(row, "attribution").value,
    body: textarea.value,
  }
}

const restore = (row, textarea, before) => put(row, textarea, before)

function set(input, value) {
  input.value = value
  input.dispatchEvent(new Event("input", { bubbles: true }))
}

function choose(select, one) {
  if (one && ![...select.options].some((option) => option.value === String(one.id))) {
    select.append(new Option(one.text, one.id))
  }
  $(select).val(one ? String(one.id) : null).trigger("change")
}
