// A little work that the desk asks of a browser when there is too much going on: a number, so that
// SHA-256 of "seed:number" begins with so many zero bits. Done in slices: the page stays quick.
// Written out, because the browser's own digest answers later each time, and only on HTTPS.

const SLICE = 8

const ROUNDS = Array.from({ length: 64 }, (_none, index) => fraction(prime(index), 1 / 3))
const BEGIN = Array.from({ length: 8 }, (_none, index) => fraction(prime(index), 1 / 2))

function prime(index) {
  for (let number = 2, found = -1; ; number += 1) {
    let divisor = 2
    while (divisor * divisor <= number && number % divisor) divisor += 1
    if (divisor * divisor > number && (found += 1) === index) return number
  }
}

function fraction(number, power) {
  const root = number ** power
  return ((root - Math.floor(root)) * 2 ** 32) | 0
}

const turned = (word, by) => (word >>> by) | (word << (32 - by))

// The digest's eight words, of text in ASCII.
function digest(text) {
  const words = new Int32Array((((text.length + 8) >> 6) + 1) * 16)
  for (let at = 0; at < text.length; at += 1) words[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at % 4))
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length % 4))
  words[words.length - 1] = text.length * 8
  const state = Int32Array.from(BEGIN)
  for (let at = 0; at < words.length; at += 16) blend(state, words.subarray(at, at + 16))
  return state
}

function blend(state, block) {
  const plan = new Int32Array(64)
  plan.set(block)
  for (let at = 16; at < 64; at += 1) {
    const early = plan[at - 15]
    const late = plan[at - 2]
    plan[at] = plan[at - 16] + plan[at - 7] +
      (turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)) +
      (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10))
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let at = 0; at < 64; at += 1) {
    const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) +
      ROUNDS[at] + plan[at]) | 0
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0
  }
  const after = [a, b, c, d, e, f, g, h]
  for (let at = 0; at < 8; at += 1) state[at] = (state[at] + after[at]) | 0
}

function zeroBits(words) {
  let count = 0
  for (const word of words) {
    count += Math.clz32(word)
    if (word) break
  }
  return count
}

async function workOn({ seed, bits }) {
  hub.tell("working", true)
  try {
    for (let number = 0; ; ) {
      const until = performance.now() + SLICE
      while (performance.now() < until) {
        if (zeroBits(digest(`${seed}:${number}`)) >= bits) return `${seed}:${number}`
        number += 1
      }
      await new Promise((done) => setTimeout(done))
    }
  } finally {
    hub.tell("working", false)
  }
}
