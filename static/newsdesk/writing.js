// Turns every <textarea data-words> into the editor, and the role's list into the speaker's roles.
// An editor of our own making, because the package's lets Tiptap write a <style> element, which
// the content security policy refuses; its few rules are in writing.css.
import {
  Bold, BulletList, Document, Editor, HardBreak, History, Italic, Link, ListItem, Menu,
  OrderedList, Paragraph, Text, initializeEditors,
} from "django-prose-editor/editor"

const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"]
const EMPTY = /^<(\w+)><\/\1>$/
const editors = []

const extensions = () => [
  Document, Paragraph, Text, HardBreak, Bold, Italic, BulletList, ListItem, History, Menu,
  OrderedList.configure({ enableListAttributes: false }),
  Link.configure({ enableTarget: false }),
]

function attributes(textarea, label) {
  const language = document.getElementById("id_language")?.value || "en"
  return {
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": label ? label.textContent.replace(/:$/, "") : "Words",
    lang: language,
    dir: RIGHT_TO_LEFT.includes(language.split("-")[0]) ? "rtl" : "ltr",
  }
}

// Whoever listens to "words-pasting" may say what goes in; with nobody there the editor pastes as ever.
function paste(textarea, view, event) {
  const clipboard = event.clipboardData
  const html = clipboard?.getData("text/html") || ""
  if (!clipboard || html.includes("data-pm-slice")) return false // from an editor of ours: clean
  const detail = { html, text: clipboard.getData("text/plain"), clean: null }
  textarea.dispatchEvent(new CustomEvent("words-pasting", { detail, bubbles: true }))
  if (detail.clean === null) return false
  event.preventDefault()
  return view.pasteHTML(detail.clean, new ClipboardEvent("paste"))
}

function write(textarea) {
  if (textarea.closest(".prose-editor")) return
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  const element = document.createElement("div")
  element.className = "prose-editor"
  textarea.before(element)
  element.append(textarea)
  const editor = new Editor({
    element,
    injectCSS: false,
    editable: !textarea.disabled,
    extensions: extensions(),
    content: textarea.value,
    editorProps: {
      attributes: () => attributes(textarea, label),
      // Before the editor's own reading, which would try the styles of Word on this page.
      handleDOMEvents: { paste: (view, event) => paste(textarea, view, event) },
    },
    onUpdate({ editor: changed }) {
      const html = changed.getHTML()
      textarea.value = EMPTY.test(html) ? "" : html
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  label?.addEventListener("click", () => editor.commands.focus())
  // Other scripts give the editor its words by this event, and read them from the textarea.
  textarea.addEventListener("set-words", ({ detail }) => {
    editor.commands.setContent(detail, { emitUpdate: true })
  })
  editors.push([textarea, editor])
}

// A link to a field leads to the editor that stands in for it, and opens what is folded round it.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#id_"]')
  if (!link) return
  const field = document.getElementById(link.hash.slice(1))
  if (!field) return
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true
  }
  const found = editors.find(([textarea]) => textarea === field)
  if (!found) return
  event.preventDefault()
  found[1].commands.focus()
  found[1].view.dom.scrollIntoView({ block: "center" })
})

document.getElementById("id_language")?.addEventListener("change", () => {
  for (const [, editor] of editors) editor.view.updateState(editor.state)
})

// --- The roles of the chosen speaker --------------------------------------------------------------

const $ = window.django?.jQuery
const speakerOf = (role) => document.getElementById(role.id.replace(/appointment$/, "speaker"))

if ($?.fn.djangoAdminSelect2) {
  const asDjangoDoes = $.fn.djangoAdminSelect2
  $.fn.djangoAdminSelect2 = function () {
    const roles = this.filter("[data-field-name=appointment]")
    asDjangoDoes.call(this.not(roles))
    roles.each((_, role) => {
      $(role).select2({
        ajax: {
          data: ({ term, page }) => ({
            term,
            page,
            app_label: role.dataset.appLabel,
            model_name: role.dataset.modelName,
            field_name: role.dataset.fieldName,
            speaker: speakerOf(role)?.value,
          }),
        },
      })
      const speaker = speakerOf(role)
      let chosen = speaker?.value
      $(speaker).on("change", () => {
        if (speaker.value === chosen) return // Django says so of every list once, as a page opens
        chosen = speaker.value
        $(role).val(null).trigger("change")
      })
    })
    return this
  }
}

initializeEditors(write, "textarea[data-words]")  // house style has links with data-words
