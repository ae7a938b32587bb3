// Words as they are read: links can be followed, and nothing else that was written does anything.

const LINK = /https?:\/\/[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const TAIL = /[.,;:!?)\]}»”’]+$/
const SAFE = /^(?:https?:|mailto:|tel:)/i

function anchor(address, ...children) {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, ...children)
}

function withLinks(text) {
  const pieces = []
  let at = 0
  for (const found of text.matchAll(LINK)) {
    const words = found[0].replace(TAIL, "")
    pieces.push(text.slice(at, found.index))
    pieces.push(anchor(words.startsWith("http") ? words : `mailto:${words}`, words))
    at = found.index + words.length
  }
  return [...pieces, text.slice(at)].filter(Boolean)
}

// What an agent formatted comes as a tree, not as HTML: a page's policy on trusted types holds.
// Built of the few elements that prose needs; of any other the words are kept.
const ALLOWED = new Set([
  "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3",
  "h4", "h5", "h6", "div", "span",
])
const HEADING = /^h[1-6]$/

function fromTree(node) {
  if (typeof node === "string") return [node]
  const inside = (node.c ?? []).flatMap(fromTree)
  if (node.t === "a" && SAFE.test(node.href ?? "")) return [anchor(node.href, ...inside)]
  if (!ALLOWED.has(node.t)) return inside
  return [make(HEADING.test(node.t) ? "h4" : node.t, {}, ...inside)]
}

function proseOf(message) {
  const prose = make("div", { className: "prose", dir: "auto" })
  if (message.tree) prose.append(...message.tree.flatMap(fromTree))
  else prose.append(...withLinks(message.text ?? ""))
  prose.classList.toggle("prose--plain", !message.tree)
  return prose
}
