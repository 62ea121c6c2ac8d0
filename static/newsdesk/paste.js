// Cleans what is pasted into the editor, at once and without a network. On saving,
// statements/parsing/clipboard.py cleans it again in the same way; a test compares the two.

const MARKER = /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi
const DROPPED =
  "head,style,script,title,xml,template,noscript,svg,iframe,del,select,textarea,object,math," +
  "img,link,meta,input"
const HIDDEN = /display\s*:\s*none|mso-hide\s*:\s*all|mso-list\s*:\s*ignore|mso-element\s*:\s*comment/i
const IGNORED = /mso-list\s*:\s*ignore/i
const LISTED = /mso-list\s*:\s*\S+\s+level(\d)/i
const BOLD = /(?<![\w-])font-weight\s*:\s*(bold|[6-9]00)/i
const NOT_BOLD = /(?<![\w-])font-weight\s*:\s*(normal|[1-5]00)/i
const ITALIC = /(?<![\w-])font-style\s*:\s*(italic|oblique)/i
const NUMBERED = /^\(?(?:\d+|[a-z]{1,4})[.)]/i
const FIGURES = /^[0-9+−]+$/
const SCRIPT_FIGURES = { SUP: "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", SUB: "₀₁₂₃₄₅₆₇₈₉₊₋" }
const LIGATURES = { ﬀ: "ff", ﬁ: "fi", ﬂ: "fl", ﬃ: "ffi", ﬄ: "ffl", ﬅ: "st", ﬆ: "st" }
const UNNEEDED_NO_BREAK_SPACE =
  /(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?=\s|$)/g
const BULLET = /^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]+(?=\S)|^•[ \t\u00a0]*(?=\S)/
const TEXT_BLOCKS = "p,div,h1,h2,h3,h4,h5,h6,li,blockquote"

document.addEventListener("rich-text-paste", ({ detail }) => {
  detail.clean = detail.html ? fromHtml(detail.html) : fromText(detail.text)
})

function normaliseCharacters(text) {
  return text
    .replace(/[ﬀ-ﬆ]/g, (ligature) => LIGATURES[ligature])
    .replace(/[\u00ad\u200b\u2060\ufeff\ufffc]/g, "")
    .replace(UNNEEDED_NO_BREAK_SPACE, " ")
}

// Write superscript and subscript figures as characters, 10⁶ and CO₂: 106 would mean something else.
function convertScriptFigures(text, node) {
  const script = FIGURES.test(text) && node.parentElement?.closest("sup, sub")
  if (!script) return text
  return text.replace(/./g, (figure) => SCRIPT_FIGURES[script.tagName]["0123456789+−".indexOf(figure)])
}

// --- Rich text --------------------------------------------------------------------------------------

function fromHtml(source) {
  const withMarkers = cutFragment(source).replace(MARKER, "<x-marker>$1</x-marker>")
  const body = new DOMParser().parseFromString(disarmAttributes(withMarkers), "text/html").body
  markBoldCells(body, source)
  makeLists(body)
  for (const element of body.querySelectorAll(DROPPED)) element.remove()
  for (const element of [...body.querySelectorAll("*")]) {
    const name = element.getAttribute("class") || ""
    if (HIDDEN.test(styleOf(element)) || /^msocom/i.test(name)) element.remove()
  }
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    node.data = convertScriptFigures(normaliseCharacters(node.data), node)
  }
  for (const element of [...body.querySelectorAll("*")]) simplify(element)
  for (const table of [...body.querySelectorAll("table")]) unwrapLayout(table)
  for (const block of [...body.querySelectorAll("div")]) {
    if (block.children.length === 1 && /^[uo]l$/.test(block.firstElementChild.localName)) {
      block.replaceWith(...block.childNodes)
    }
  }
  for (const list of [...body.querySelectorAll("ul, ol")]) joinNextLists(list)
  for (const block of [...body.querySelectorAll(TEXT_BLOCKS)]) {
    if (!block.textContent.trim()) block.remove()
  }
  return body.innerHTML
}

// What stands between the marks that Windows puts around the copied part. Excel puts them inside of
// the table.
function cutFragment(source) {
  const fragment = /<!--\s*StartFragment\s*-->([\s\S]*?)<!--\s*EndFragment\s*-->/.exec(source)
  if (!fragment) return source
  return /^\s*<(col|colgroup|thead|tbody|tr)\b/i.test(fragment[1]) ? `<table>${fragment[1]}</table>` : fragment[1]
}

// Excel says in a style sheet which cells are bold.
function markBoldCells(body, source) {
  const bold = new Set()
  for (const [, name, rules] of source.matchAll(/\.(xl\d+)\s*\{([^{}]*)\}/g)) {
    if (BOLD.test(rules)) bold.add(name)
  }
  for (const cell of body.querySelectorAll("td[class], th[class]")) {
    if (bold.has(cell.className)) wrapContent(cell, "strong")
  }
}

// The content security policy would report each style and handler, although nothing shows this document.
const disarmAttributes = (source) =>
  source
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'])(style|on\w+)\s*=/gi, "$1data-$2="))
const styleOf = (element) => element.getAttribute("data-style") || ""

// Make lists of Word's paragraphs that only look like list items.
function makeLists(body) {
  let open = [] // the lists around the previous item, outermost first
  let previous = null
  for (const item of [...body.querySelectorAll("[data-style]")]) {
    const match = LISTED.exec(styleOf(item))
    if (!match) continue
    const level = Number(match[1])
    const tag = isNumbered(item) ? "ol" : "ul"
    if (!previous || nextOf(open[0].list) !== item) open = []
    while (open.length && (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).tag !== tag))) open.pop()
    if (open.at(-1)?.level !== level) {
      const list = document.createElement(tag)
      if (open.length) open.at(-1).list.lastElementChild.append(list)
      else item.before(list)
      open.push({ level, tag, list })
    }
    const li = document.createElement("li")
    li.append(...item.childNodes)
    open.at(-1).list.append(li)
    item.remove()
    previous = li
  }
}

function nextOf(list) {
  let next = list.nextSibling
  while (next && (next.nodeType === Node.COMMENT_NODE || (next.nodeType === Node.TEXT_NODE && !next.data.trim()))) next = next.nextSibling
  return next
}

function isNumbered(item) {
  const ignored = [...item.querySelectorAll("[data-style], x-marker")].filter(
    (element) => element.localName === "x-marker" || IGNORED.test(styleOf(element)),
  )
  const marker = (ignored[0]?.textContent || "").trim()
  for (const element of ignored) element.remove()
  return NUMBERED.test(marker)
}

// Keep bold and italics as tags, links without their redirects, and nothing else.
function simplify(element) {
  const style = styleOf(element)
  const tag = element.localName
  const bold = BOLD.test(style) || (/^(b|strong)$/.test(tag) && !NOT_BOLD.test(style))
  const italic = ITALIC.test(style) || /^(i|em)$/.test(tag)
  const href = tag === "a" ? resolveRedirect(element.getAttribute("href") || "") : ""
  for (const { name } of [...element.attributes]) {
    if (!/^(td|th)$/.test(tag) || !/^(col|row)span$/.test(name)) element.removeAttribute(name)
  }
  if (href) element.setAttribute("href", href)
  if (bold && !/^h[1-6]$/.test(tag)) wrapContent(element, "strong")
  if (italic) wrapContent(element, "em")
  if (/^(td|th|caption)$/.test(tag)) wrapContent(element, "p")
  if (/^(b|strong|i|em|span|font|u|s|strike|x-marker)$/.test(tag) || tag.includes(":")) {
    element.replaceWith(...element.childNodes)
  }
}

// Saving makes paragraphs of a table with one row or one column, as of one cell of a sheet.
function unwrapLayout(table) {
  if (table.rows.length > 1 && [...table.rows].some((row) => row.cells.length > 1)) return
  table.replaceWith(...[...table.querySelectorAll("caption, td, th")].flatMap((cell) => [...cell.childNodes]))
}

function wrapContent(element, tag) {
  const wrapper = document.createElement(tag)
  wrapper.append(...element.childNodes)
  element.append(wrapper)
}

function resolveRedirect(href) {
  try {
    const url = new URL(href)
    const host = url.hostname
    if (host.endsWith("safelinks.protection.outlook.com")) return url.searchParams.get("url") || href
    if (/^(www\.)?google\.[a-z.]+$/.test(host) && url.pathname === "/url") {
      return url.searchParams.get("q") || url.searchParams.get("url") || href
    }
    return /^(https?|mailto):$/.test(url.protocol) ? href : ""
  } catch {
    return ""
  }
}

function joinNextLists(list) {
  if (!list.parentNode) return // already joined to the list before it
  for (let next = nextOf(list); next && next.localName === list.localName; next = nextOf(list)) {
    list.append(...next.childNodes)
    next.remove()
  }
}

// --- Plain text: the lines of a PDF or a mail ---------------------------------------------------------

function fromText(text) {
  const lines = text.trim().split(/\r\n?|\n/).map((line) => normaliseCharacters(line).replace(BULLET, "• ").replace(/[ \t]+/g, " ").trim())
  const parts = splitAtEmptyLines(separateParagraphs(lines)).flatMap(splitParagraphs)
  const out = document.createElement("div")
  for (const part of parts) {
    if (part[0].startsWith("• ")) {
      if (out.lastElementChild?.localName !== "ul") out.append(document.createElement("ul"))
      out.lastElementChild.append(createElement("li", part.join(" ").slice(2)))
    } else {
      out.append(createElement("p", part.join(" ")))
    }
  }
  return out.innerHTML
}

function createElement(tag, text) {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

// Add an empty line after each paragraph where a PDF has none but its lines have one width.
function separateParagraphs(lines) {
  const full = lines.filter(Boolean)
  if (full.length < lines.length) return lines
  const width = Math.max(...full.map((line) => line.length))
  const long = full.filter((line) => line.length >= 0.75 * width).length
  if (full.length < 3 || width < 40 || width > 120 || long * 2 < full.length) {
    return full.flatMap((line) => [line, ""])
  }
  return full.flatMap((line, index) => (index && isParagraphEnd(full[index - 1], line, width) ? ["", line] : [line]))
}

const isParagraphEnd = (previous, line, width) =>
  line.startsWith("• ") || /^[“"„«]/.test(line) ||
  (previous.length < 0.75 * width && /[.!?:”"’»]\s*$/.test(previous))

function splitAtEmptyLines(lines) {
  const chunks = [[]]
  for (const line of lines) line ? chunks.at(-1).push(line) : chunks.push([])
  return chunks.filter((chunk) => chunk.length)
}

// Split lines without an empty one between them: mostly one paragraph, sometimes several.
function splitParagraphs(chunk) {
  const isWrapped = Math.max(...chunk.map((line) => line.length)) <= 100
  const parts = [[chunk[0]]]
  for (let index = 1; index < chunk.length; index++) {
    const [previous, line] = [chunk[index - 1], chunk[index]]
    const startsQuote = /^["“„«]/.test(line) && /[.!?:…][”"’»)]*$|[”»]$/.test(previous)
    if (!isWrapped || line.startsWith("• ") || startsQuote) parts.push([line])
    else parts.at(-1).push(line)
  }
  return parts
}
