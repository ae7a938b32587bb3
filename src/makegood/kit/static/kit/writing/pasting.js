// What is pasted: formatting becomes Markdown, an address on marked words becomes their link. The HTML of elsewhere is
// parsed into a document of its own, where nothing runs and nothing is fetched; only words and a few signs come out.

import { isAddress } from "./editing.js"

const INLINE = { B: "**", STRONG: "**", I: "*", EM: "*", CODE: "`" }
const GONE = new Set(["SCRIPT", "STYLE", "TITLE", "TEMPLATE", "NOSCRIPT", "HEAD", "META", "LINK", "SVG", "IFRAME", "OBJECT"])
const BLOCKS = new Set("P DIV SECTION ARTICLE HEADER FOOTER MAIN TABLE TR UL OL LI BLOCKQUOTE PRE HR H1 H2 H3 H4 H5 H6 DL DT DD FIGURE".split(" "))
const FORMATTED = "b, strong, i, em, a[href], ul, ol, blockquote, pre, code, h1, h2, h3, h4, h5, h6, hr, table, [data-look*=font-weight], [data-look*=italic]"

// What is meant to stand there; null where the browser does it as well.
export function meant(clipboard, area) {
  const text = clipboard.getData("text/plain")
  if (area.selectionStart !== area.selectionEnd && isAddress(text)) {
    const words = area.value.slice(area.selectionStart, area.selectionEnd)
    return words.includes("\n") || isAddress(words) ? null : `[${words}](${text.trim()})`
  }
  const html = clipboard.getData("text/html")
  const found = html && html.length < 500_000 ? markdownOf(html) : null
  return found && found !== text.trim() ? found : null
}

// Null where it has no formatting.
export function markdownOf(html) {
  // Its styles are only looked at: as styles the page's policy would refuse each of them, aloud.
  const calm = html.replace(/<(\/?)style\b/gi, "<$1template").replace(/\sstyle\s*=/gi, " data-look=")
  const { body } = new DOMParser().parseFromString(calm, "text/html")
  if (!body.querySelector(FORMATTED)) return null
  return blocks(body).replace(/\n{3,}/g, "\n\n").trim() || null
}

function blocks(node) {
  let out = ""
  for (const child of node.childNodes) {
    if (!BLOCKS.has(child.nodeName)) out += inline(child)
    else out = `${out.trimEnd()}${out.trim() ? "\n\n" : ""}${block(child)}\n\n`
  }
  return out.replace(/[ \t]+\n/g, "\n")
}

function block(node) {
  const name = node.nodeName
  if (name === "HR") return "---"
  if (name === "PRE") return `\`\`\`\n${node.textContent.replace(/\n$/, "")}\n\`\`\``
  if (name === "UL" || name === "OL") return list(node)
  if (name === "BLOCKQUOTE") return before(blocks(node).trim(), "> ")
  if (name === "TABLE") return [...node.querySelectorAll("tr")].map(row).filter(Boolean).join("\n")
  const words = blocks(node).trim()
  return /^H[1-6]$/.test(name) && words ? `### ${words.replace(/\s*\n\s*/g, " ").replaceAll("**", "")}` : words
}

function list(node) {
  const items = [...node.children].filter((one) => one.nodeName === "LI" || one.nodeName === "UL" || one.nodeName === "OL")
  let number = 0
  return items.map((item) => {
    if (item.nodeName !== "LI") return before(list(item), "  ")
    const sign = node.nodeName === "OL" ? `${++number}. ` : "- "
    const words = blocks(item).trim().replace(/\n\n(?=\s*(?:[-*]|\d+\.) )/g, "\n")
    return sign + before(words, " ".repeat(sign.length)).trimStart()
  }).join("\n")
}

const row = (node) => [...node.cells].map((cell) => blocks(cell).trim().replace(/\s*\n\s*/g, " ")).join(" · ").trim()
const before = (text, sign) => text.split("\n").map((line) => (line ? sign + line : sign.trimEnd())).join("\n")

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return escape(node.data.replace(/[ \t\n\r\f]+/g, " "))
  if (node.nodeType !== Node.ELEMENT_NODE || GONE.has(node.nodeName)) return ""
  if (node.nodeName === "BR") return "\n"
  if (node.nodeName === "IMG") return escape(node.alt)
  const words = blocks(node)
  if (node.nodeName === "A" && isAddress(node.getAttribute("href") ?? "")) return linked(node.getAttribute("href").trim(), words)
  return dressed(words, signOf(node))
}

// Other programs say bold by a style, and some wrap everything in a <b> that is none.
function signOf(node) {
  const look = node.dataset.look ?? ""
  const weight = look.match(/font-weight:\s*(\w+)/)?.[1]
  const isItalic = /font-style:\s*italic/.test(look)
  if (weight && (weight === "bold" || Number(weight) >= 600)) return "**"
  if (weight && "BSTRONG".includes(node.nodeName)) return ""
  return INLINE[node.nodeName] ?? (isItalic ? "*" : "")
}

function dressed(words, sign) {
  if (!sign || !words.trim() || words.includes("\n\n") || (sign === "**" && words.includes("**"))) return words
  const [, start, core, end] = words.match(/^(\s*)([^]*?)(\s*)$/)
  return `${start}${sign}${sign === "`" ? core.replaceAll("\\", "") : core}${sign}${end}`
}

function linked(address, words) {
  const said = words.trim()
  const safe = address.replaceAll("(", "%28").replaceAll(")", "%29")
  if (!said || said.includes("\n\n")) return words
  return said === address || said === address.replace(/^mailto:/i, "") ? said : `[${said.replace(/\s*\n\s*/g, " ")}](${safe})`
}

// Signs that would be taken for formatting stay signs.
const escape = (text) => text.replace(/[\\`]|\*(?=\S)|(?<=\S)\*|\[(?=[^\]]*\]\()/g, "\\$&").replace(/^(#{1,6}|>)(?= )/, "\\$&")
