// Several tabs act as one: one of them leads - listens to the desk and sends what was written -
// and the others hear it from there. The tab that is looked at takes the lead.

const LOCK = `makegood:${SHOP}`
const LEASE = 4_000

const tabs = {
  isLeader: false,
  isRunning: false,
  channel: null,
  turn: 0,
  release: () => {},
  waiting: null,

  start(isUrgent = document.visibilityState === "visible") {
    if (this.isRunning) return
    this.isRunning = true
    if (window.BroadcastChannel) {
      this.channel = new BroadcastChannel(LOCK)
      this.channel.onmessage = ({ data }) => hub.tell(`tab:${data.kind}`, data.told)
    }
    this.stand(isUrgent)
  },

  // Everything let go, so that the browser may keep this page for the way back.
  stop() {
    this.isRunning = false
    this.turn += 1
    this.waiting?.abort()
    this.release()
    this.lead(false)
    this.channel?.close()
    this.channel = null
  },

  tell(kind, told) {
    this.channel?.postMessage({ kind, told })
  },

  takeOver() {
    if (this.isRunning && !this.isLeader) this.stand(true)
  },

  async stand(isUrgent) {
    if (!navigator.locks) return this.lease()
    this.turn += 1
    const mine = this.turn
    this.waiting?.abort()
    this.waiting = isUrgent ? null : new AbortController()
    const how = isUrgent ? { steal: true } : { signal: this.waiting.signal }
    try {
      await navigator.locks.request(LOCK, how, () => this.hold(mine))
    } catch (error) {
      if (error.name !== "AbortError") return this.lead(this.isRunning) // no locks here: alone
    }
    if (mine !== this.turn || !this.isRunning) return
    this.lead(false)
    this.stand(false)
  },

  hold(mine) {
    if (mine !== this.turn) return undefined
    this.lead(true)
    return new Promise((done) => { this.release = done })
  },

  // Without locks: whoever wrote last that they lead, and goes on saying so.
  async lease() {
    const me = newId()
    while (this.isRunning) {
      const held = keep.read("lead")
      const isMine = !held || held.who === me || held.until < Date.now()
      if (isMine) keep.write("lead", { who: me, until: Date.now() + LEASE })
      this.lead(isMine)
      await new Promise((done) => setTimeout(done, LEASE / 4))
    }
  },

  lead(isLeader) {
    if (isLeader === this.isLeader) return
    this.isLeader = isLeader
    hub.tell("lead", isLeader)
  },
}
