// Cleans what is pasted into the editor, at once and without a network. The same as
// statements/parsing/clipboard.py, which goes over it again; one test holds the two together.

const MARKER = /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi
const UNSEEN =
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
const RAISED = { SUP: "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", SUB: "₀₁₂₃₄₅₆₇₈₉₊₋" }
const LIGATURES = { ﬀ: "ff", ﬁ: "fi", ﬂ: "fl", ﬃ: "ffi", ﬄ: "ffl", ﬅ: "st", ﬆ: "st" }
const NEEDLESS =
  /(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?![\d»;:!?%])/g
const BULLET = /^[\uf0b7\uf0a7●▪■◦‣∙·o§–-][ \t\u00a0]+(?=\S)|^•[ \t\u00a0]*(?=\S)/
const WORDS = "p,div,h1,h2,h3,h4,h5,h6,li,blockquote"

document.addEventListener("words-pasting", ({ detail }) => {
  detail.clean = detail.html ? fromHtml(detail.html) : fromText(detail.text)
})

function tidy(text) {
  return text
    .replace(/[ﬀ-ﬆ]/g, (one) => LIGATURES[one])
    .replace(/[\u00ad\u200b\u2060\ufeff\ufffc]/g, "")
    .replace(NEEDLESS, " ")
}

// 10⁶ and CO₂ for figures that were set high or low: as 106 they would say another thing.
function raised(text, node) {
  const set = FIGURES.test(text) && node.parentElement?.closest("sup, sub")
  return set ? text.replace(/./g, (one) => RAISED[set.tagName]["0123456789+−".indexOf(one)]) : text
}

// --- Rich text --------------------------------------------------------------------------------------

function fromHtml(source) {
  const fragment = /<!--\s*StartFragment\s*-->([\s\S]*?)<!--\s*EndFragment\s*-->/.exec(source)
  const marked = (fragment ? fragment[1] : source).replace(MARKER, "<x-marker>$1</x-marker>")
  const body = new DOMParser().parseFromString(withoutStyles(marked), "text/html").body
  listParagraphs(body)
  for (const one of body.querySelectorAll(UNSEEN)) one.remove()
  for (const one of [...body.querySelectorAll("*")]) {
    const name = one.getAttribute("class") || ""
    if (HIDDEN.test(styleOf(one)) || /^msocom/i.test(name)) one.remove()
  }
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) texts.currentNode.data = raised(tidy(texts.currentNode.data), texts.currentNode)
  for (const one of [...body.querySelectorAll("*")]) plain(one)
  for (const one of [...body.querySelectorAll("div")]) {
    if (one.children.length === 1 && /^[uo]l$/.test(one.firstElementChild.localName)) {
      one.replaceWith(...one.childNodes)
    }
  }
  for (const one of [...body.querySelectorAll("ul, ol")]) joinNext(one)
  for (const one of [...body.querySelectorAll(WORDS)]) {
    if (!one.textContent.trim()) one.remove()
  }
  return body.innerHTML
}

// The content security policy would report each style and handler, although this document is never shown.
const withoutStyles = (source) =>
  source
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'])(style|on\w+)\s*=/gi, "$1data-$2="))
const styleOf = (one) => one.getAttribute("data-style") || ""

// Word's paragraphs that only look like items of a list.
function listParagraphs(body) {
  let open = [] // the lists around the item before, outermost first
  let before = null
  for (const item of [...body.querySelectorAll("[data-style]")]) {
    const found = LISTED.exec(styleOf(item))
    if (!found) continue
    const level = Number(found[1])
    const tag = isNumbered(item) ? "ol" : "ul"
    if (!before || nextOf(open[0].list) !== item) open = []
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
    before = li
  }
}

function nextOf(list) {
  let next = list.nextSibling
  while (next && (next.nodeType === Node.COMMENT_NODE || (next.nodeType === Node.TEXT_NODE && !next.data.trim()))) next = next.nextSibling
  return next
}

function isNumbered(item) {
  const ignored = [...item.querySelectorAll("[data-style], x-marker")].filter(
    (one) => one.localName === "x-marker" || IGNORED.test(styleOf(one)),
  )
  const marker = (ignored[0]?.textContent || "").trim()
  for (const one of ignored) one.remove()
  return NUMBERED.test(marker)
}

// Bold and italics as tags, addresses without a detour, and nothing else.
function plain(one) {
  const style = styleOf(one)
  const tag = one.localName
  const bold = BOLD.test(style) || (/^(b|strong)$/.test(tag) && !NOT_BOLD.test(style))
  const italic = ITALIC.test(style) || /^(i|em)$/.test(tag)
  const href = tag === "a" ? straight(one.getAttribute("href") || "") : ""
  for (const { name } of [...one.attributes]) one.removeAttribute(name)
  if (href) one.setAttribute("href", href)
  if (bold && !/^h[1-6]$/.test(tag)) wrap(one, "strong")
  if (italic) wrap(one, "em")
  if (/^(td|th|caption)$/.test(tag)) wrap(one, "p")
  if (/^(b|strong|i|em|span|font|u|s|strike|x-marker)$/.test(tag) || tag.includes(":")) {
    one.replaceWith(...one.childNodes)
  }
}

function wrap(one, tag) {
  const holder = document.createElement(tag)
  holder.append(...one.childNodes)
  one.append(holder)
}

function straight(address) {
  try {
    const url = new URL(address)
    const host = url.hostname
    if (host.endsWith("safelinks.protection.outlook.com")) return url.searchParams.get("url") || address
    if (/^(www\.)?google\.[a-z.]+$/.test(host) && url.pathname === "/url") {
      return url.searchParams.get("q") || url.searchParams.get("url") || address
    }
    return /^(https?|mailto):$/.test(url.protocol) ? address : ""
  } catch {
    return ""
  }
}

function joinNext(list) {
  if (!list.parentNode) return // joined to the one before by now
  for (let next = nextOf(list); next && next.localName === list.localName; next = nextOf(list)) {
    list.append(...next.childNodes)
    next.remove()
  }
}

// --- Plain text: the lines of a PDF or a mail ---------------------------------------------------------

function fromText(text) {
  const lines = text.trim().split(/\r\n?|\n/).map((line) => tidy(line).replace(BULLET, "• ").replace(/[ \t]+/g, " ").trim())
  const parts = chunks(parted(lines)).flatMap(cut)
  const out = document.createElement("div")
  for (const part of parts) {
    if (part[0].startsWith("• ")) {
      if (out.lastElementChild?.localName !== "ul") out.append(document.createElement("ul"))
      out.lastElementChild.append(holding("li", part.join(" ").slice(2)))
    } else {
      out.append(holding("p", part.join(" ")))
    }
  }
  return out.innerHTML
}

function holding(tag, text) {
  const one = document.createElement(tag)
  one.textContent = text
  return one
}

// An empty line after each paragraph, where a PDF left none but its lines are of one width.
function parted(lines) {
  const full = lines.filter(Boolean)
  if (full.length < lines.length) return lines
  const width = Math.max(...full.map((line) => line.length))
  const long = full.filter((line) => line.length >= 0.75 * width).length
  if (full.length < 3 || width < 40 || width > 120 || long * 2 < full.length) {
    return full.flatMap((line) => [line, ""])
  }
  return full.flatMap((line, place) => (place && ends(full[place - 1], line, width) ? ["", line] : [line]))
}

const ends = (before, line, width) =>
  line.startsWith("• ") || /^[“"„«]/.test(line) ||
  (before.length < 0.75 * width && /[.!?:”"’»]\s*$/.test(before))

function chunks(lines) {
  const found = [[]]
  for (const line of lines) line ? found.at(-1).push(line) : found.push([])
  return found.filter((chunk) => chunk.length)
}

// Lines without an empty one between: one paragraph mostly, and sometimes several.
function cut(chunk) {
  const wrapped = Math.max(...chunk.map((line) => line.length)) <= 100
  const parts = [[chunk[0]]]
  for (let place = 1; place < chunk.length; place++) {
    const [before, line] = [chunk[place - 1], chunk[place]]
    const opens = /^["“„«]/.test(line) && /[.!?:…][”"’»)]*$|[”»]$/.test(before)
    if (!wrapped || line.startsWith("• ") || opens) parts.push([line])
    else parts.at(-1).push(line)
  }
  return parts
}
