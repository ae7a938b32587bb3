// What this browser keeps for the shop: the visitor's secret, what is not sent yet, small choices.
// Where nothing may be kept, or there is no room, the page's own memory stands in, and says so.

const keep = {
  memory: new Map(),
  isSafe: true,

  get(name) {
    const key = place(name)
    if (this.memory.has(key)) return this.memory.get(key)
    try {
      return localStorage.getItem(key)
    } catch {
      this.isSafe = false
      return null
    }
  },

  set(name, value) {
    const key = place(name)
    try {
      localStorage.setItem(key, value)
      this.memory.delete(key)
    } catch {
      this.memory.set(key, value)
      this.isSafe = false
      hub.tell("kept")
    }
  },

  drop(name) {
    this.memory.delete(place(name))
    try {
      localStorage.removeItem(place(name))
    } catch {
      this.isSafe = false
    }
  },

  names(beginning) {
    const start = place(beginning)
    let kept = []
    try {
      kept = Object.keys(localStorage)
    } catch {
      this.isSafe = false
    }
    const all = new Set([...kept, ...this.memory.keys()])
    return [...all].filter((key) => key.startsWith(start)).map((key) => key.slice(place("").length + 1))
  },

  // What one person wrote and chose is nobody else's; whoever signed out has another secret next.
  forget(isSecretKept) {
    for (const name of ["draft", "mail", "asked", ...this.names("queue:")]) this.drop(name)
    if (!isSecretKept) for (const name of ["", "since", "next"]) this.drop(name)
  },

  isOnlyHere(name) {
    return this.memory.has(place(name))
  },

  read(name) {
    try {
      return JSON.parse(this.get(name))
    } catch {
      return null
    }
  },

  write(name, value) {
    this.set(name, JSON.stringify(value))
  },
}

function place(name) {
  return name ? `makegood:${SHOP}:${name}` : `makegood:${SHOP}`
}

const isKnown = () => Boolean(keep.get(""))

// Made here and nowhere else: whoever has it has this conversation.
function secret() {
  if (!isKnown()) keep.set("", newSecret())
  return keep.get("")
}

function newSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
let newest = 0

// Twenty-six letters: first the time, so that they sort as they were written, then chance.
function newId() {
  newest = Math.max(Date.now(), newest + 1)
  let time = newest
  let text = ""
  for (let index = 0; index < 10; index += 1) {
    text = LETTERS[time % 32] + text
    time = Math.floor(time / 32)
  }
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) text += LETTERS[byte % 32]
  return text
}
