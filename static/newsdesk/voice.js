// Chooses the speaker of a quotation from a list that can be searched, or names somebody new.
// Fills the fields of the form, which do the same without script. Saves nothing.

const $ = window.django?.jQuery
const WAIT = 200
let dialog, field, timer, lastSearch = 0

const part = (name, root = field) => root.querySelector(`[name$="-${name}"]`)
const say = (key) => dialogTexts()[key]
const dialogTexts = () => document.getElementById("voice-texts").dataset

document.addEventListener("click", ({ target }) => {
  const chip = target.closest?.("[data-voice-open]")
  if (chip) open(chip.closest("[data-voice]"))
})
document.addEventListener("input", ({ target }) => {
  if (/-new_(speaker|role|organisation)$/.test(target.name || "")) showVoice(target.closest("[data-voice]"))
})
if ($) $(document).on("change", "[data-voice] select", ({ target }) => showVoice(target.closest("[data-voice]")))
else document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-voice] select")) showVoice(target.closest("[data-voice]"))
})

// --- The chip -----------------------------------------------------------------------------------------

function showVoice(root, role) {
  const value = (name) => part(name, root)?.value.trim() || ""
  const chosen = (name) => part(name, root)?.selectedOptions[0]?.value ? part(name, root).selectedOptions[0].text : ""
  const name = value("new_speaker") || chosen("speaker")
  const typed = [value("new_role"), value("new_organisation")].filter(Boolean).join(", ")
  const named = chosen("appointment").replace(`${name}, `, "")
  root.querySelector("[data-voice-name]").textContent = name || say("nobody")
  root.querySelector("[data-voice-role]").textContent =
    name ? typed || role || named || "" : say("choose")
  const words = name.replace(/^(Cllr|Dr|Prof|Sir|Dame|Lord|Lady|Mr|Mrs|Ms|Miss|The|Rt|Hon)\.? /g, "").split(/\s+/)
  root.querySelector("[data-voice-initials]").textContent =
    name ? [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...word][0] || "").join("").toUpperCase() : "?"
}

// --- The list -----------------------------------------------------------------------------------------

function open(root) {
  field = root
  dialog ??= build()
  const name = part("speaker").selectedOptions[0]?.value ? part("speaker").selectedOptions[0].text : ""
  dialog.querySelector(".new-role").hidden = !name
  dialog.querySelector(".new-role").textContent = say("role").replace("{name}", name)
  dialog.querySelector("input").value = ""
  dialog.querySelector(".found").replaceChildren()
  dialog.showModal()
  dialog.querySelector("input").focus()
  search()
}

function build() {
  const made = document.getElementById("voice-texts").content.cloneNode(true).querySelector("dialog")
  document.body.append(made)
  made.querySelector("input").addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(search, WAIT)
  })
  made.querySelector(".new-person").addEventListener("click", () => startNew("person"))
  made.querySelector(".new-role").addEventListener("click", () => startNew("role"))
  made.querySelector(".close").addEventListener("click", () => made.close())
  made.addEventListener("keydown", moveByArrow)
  return made
}

function moveByArrow(event) {
  if (!["ArrowDown", "ArrowUp"].includes(event.key)) return
  const stops = [dialog.querySelector("input"), ...dialog.querySelectorAll(".found button, .more button:not([hidden])")]
  const step = event.key === "ArrowDown" ? 1 : -1
  const next = stops[stops.indexOf(document.activeElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

async function search() {
  const number = ++lastSearch
  const answer = await ask(dialog.querySelector("input").value)
  if (number !== lastSearch) return // a later search has been asked
  const found = dialog.querySelector(".found")
  const status = dialog.querySelector("[role=status]")
  found.replaceChildren()
  if (!answer) return void (status.textContent = say("offline"))
  for (const group of answer.groups) found.append(...drawGroup(group))
  const count = answer.groups.reduce((sum, group) => sum + group.rows.length, 0)
  status.textContent = count ? say("found").replace("{number}", count) : say("none")
  if (answer.organisations.length) offerOrganisations(answer.organisations)
}

async function ask(query) {
  const body = new FormData()
  body.set("q", query)
  body.set("day", document.querySelector("[name=dated_on]")?.value || "")
  body.set("organisation", document.querySelector("[name=organisation]")?.value || "")
  body.set("statement", field.dataset.statement)
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
  try {
    const answer = await fetch(field.dataset.url, { method: "POST", body })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

function drawGroup({ label, rows }) {
  const heading = document.createElement("h3")
  const list = document.createElement("ul")
  heading.textContent = label
  for (const row of rows) {
    const item = document.createElement("li")
    const button = document.createElement("button")
    const role = document.createElement("span")
    button.type = "button"
    button.append(row.speaker.text)
    role.textContent = row.proposed ? `${row.role} (${say("proposed")})` : row.role
    button.append(role)
    button.addEventListener("click", () => choose(row))
    item.append(button)
    list.append(item)
  }
  return [heading, list]
}

function offerOrganisations(names) {
  let list = document.getElementById("voice-organisations")
  if (!list) {
    list = document.createElement("datalist")
    list.id = "voice-organisations"
    document.body.append(list)
  }
  list.replaceChildren(...names.map((name) => new Option(name, name)))
}

// --- What was chosen ----------------------------------------------------------------------------------

function choose(row) {
  for (const name of ["new_speaker", "new_role", "new_organisation"]) part(name).value = ""
  field.querySelector(".voice-new").open = false
  select(part("speaker"), row.speaker)
  select(part("appointment"), row.appointment)
  showVoice(field, row.role)
  close(field.querySelector("[data-voice-open]"))
}

function select(input, row) {
  const id = row ? String(row.id) : ""
  if (id && ![...input.options].some((option) => option.value === id)) input.append(new Option(row.text, id))
  input.value = id
  input.dispatchEvent(new Event("change", { bubbles: true }))
}

function startNew(mode) {
  const panel = field.querySelector(".voice-new")
  panel.dataset.mode = mode
  panel.open = true
  if (mode === "person") select(part("speaker"), null)
  select(part("appointment"), null)
  if (mode === "role") part("new_speaker").value = ""
  part("new_organisation").setAttribute("list", "voice-organisations")
  close(part(mode === "role" ? "new_role" : "new_speaker"))
}

function close(next) {
  dialog.close()
  next.focus()
}
