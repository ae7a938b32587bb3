// The shop's colour, and what can be read on it and beside it: worked out, never hoped for.

const WHITE = [1, 1, 1]
const INK = [0.11, 0.098, 0.086]
const PAPERS = { light: [0.992, 0.988, 0.98], dark: [0.125, 0.118, 0.11] }
const READABLE = 4.6
const TINT = { light: 0.12, dark: 0.22 }

// Three numbers from 0 to 1 of any colour that CSS knows; nothing if it is none.
function channels(colour, probe) {
  probe.style.color = ""
  probe.style.color = `color-mix(in srgb, ${colour} 100%, transparent 0%)`
  if (!probe.style.color) return null
  const found = getComputedStyle(probe).color.match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? []
  const most = getComputedStyle(probe).color.startsWith("rgb") ? 255 : 1
  return found.length >= 3 ? found.slice(0, 3).map((one) => Math.min(1, Math.max(0, one / most))) : null
}

function lightness(colour) {
  const [red, green, blue] = colour.map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one, other) {
  const [low, high] = [lightness(one), lightness(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const inkOn = (ground) => (contrast(WHITE, ground) >= Math.min(READABLE, contrast(INK, ground)) ? WHITE : INK)

// The same colour, a little darker or lighter, until it can be read on this paper.
function readable(colour, paper) {
  const towards = lightness(paper) > 0.4 ? [0, 0, 0] : WHITE
  for (let share = 0; share <= 1; share += 0.04) {
    const mixed = colour.map((one, index) => one + (towards[index] - one) * share)
    if (contrast(mixed, paper) >= READABLE) return mixed
  }
  return towards
}

const written = (colour) => `rgb(${colour.map((one) => Math.round(one * 255)).join(" ")})`

const paint = { sheet: new CSSStyleSheet() }

// The page's custom properties first, then the shop's settings, then our own.
function dress(element, probe) {
  const own = getComputedStyle(element).getPropertyValue("--makegood-colour").trim()
  const theme = shop.hello?.theme ?? {}
  const colour = [own, SCRIPT.dataset.colour, theme.colour, "#0b6166"]
    .filter(Boolean).map((one) => channels(one, probe)).find(Boolean)
  const pairs = { shade: colour, "shade-ink": inkOn(colour) }
  const rules = Object.entries(pairs).map(([name, value]) => `--${name}: ${written(value)}`)
  for (const name of ["link", "tint"]) {
    const [light, dark] = ["light", "dark"].map((look) => {
      if (name === "link") return written(readable(colour, PAPERS[look]))
      return written(PAPERS[look].map((one, at) => one + (colour[at] - one) * TINT[look]))
    })
    rules.push(`--${name}: light-dark(${light}, ${dark})`)
  }
  paint.sheet.replaceSync(`:host { ${rules.join("; ")} }`)
}
