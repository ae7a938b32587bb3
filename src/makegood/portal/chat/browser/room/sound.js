// A soft tone for an answer: only for who asked for it, and made here, not fetched.

const sound = {
  context: null,
  button: null,

  put() {
    this.button = iconButton("silent", say("soundOn"), () => this.turn())
    hub.on("message", () => this.isOn && tabs.isLeader && this.play())
    this.draw()
    return this.button
  },

  get isOn() {
    return keep.get("sound") === "on"
  },

  turn() {
    keep.set("sound", this.isOn ? "off" : "on")
    this.draw()
    if (this.isOn) this.play()
  },

  draw() {
    const words = say(this.isOn ? "soundOff" : "soundOn")
    this.button.replaceChildren(sign(this.isOn ? "sound" : "silent"))
    this.button.setAttribute("aria-label", words)
    this.button.title = words
  },

  async play() {
    try {
      this.context ??= new AudioContext()
      await this.context.resume()
    } catch {
      return // no sound here: nothing is lost
    }
    const now = this.context.currentTime
    const volume = this.context.createGain()
    volume.gain.setValueAtTime(0.0001, now)
    volume.gain.exponentialRampToValueAtTime(0.08, now + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.5)
    volume.connect(this.context.destination)
    for (const [pitch, after] of [[660, 0], [880, 0.1]]) {
      const tone = this.context.createOscillator()
      tone.frequency.value = pitch
      tone.connect(volume)
      tone.start(now + after)
      tone.stop(now + 0.5)
    }
  },
}
