// Speaks with the desk. Never with cookies; what goes wrong comes back as a Trouble with its code.

const PATIENCE = 20_000

class Trouble extends Error {
  constructor(code, words = "", more = {}) {
    super(words || code)
    Object.assign(this, { code, words, ...more })
  }

  // Worth another try by itself: nobody said no.
  get isPassing() {
    return this.code === "network" || (this.status >= 500 && this.code !== "full")
  }
}

async function ask(method, path, { body, query = {}, isOpenToAll = false, ...rest } = {}) {
  const address = new URL(BASE + path)
  address.search = new URLSearchParams({ ...query, lang: language() })
  const headers = isOpenToAll ? {} : { authorization: `Bearer ${secret()}` }
  if (body) headers["content-type"] = "application/json"
  const options = { method, headers, credentials: "omit", referrerPolicy: "no-referrer", ...rest }
  if (body) options.body = JSON.stringify(body)
  return answered(await reach(address, options))
}

async function reach(address, options) {
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), PATIENCE)
  try {
    return await fetch(address, { signal: given.signal, ...options })
  } catch {
    throw new Trouble("network")
  } finally {
    clearTimeout(timer)
  }
}

async function answered(response) {
  if (response.status === 204) return {}
  let said = null
  try {
    said = await response.json()
  } catch {
    if (response.ok) throw new Trouble("network")
  }
  if (response.ok) return said
  const after = Number(said?.retry_after ?? response.headers.get("retry-after")) || 10
  const more = { status: response.status, work: said?.work, after }
  throw new Trouble(said?.error ?? String(response.status), said?.words ?? "", more)
}
