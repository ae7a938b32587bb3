// What became of an invitation, for the shop to count: under a word that lasts a day and says nothing
// of who this is. Where it does not get there, it is not counted.

const invited = {
  told: null,

  wordFor(key) {
    const wasToday = Date.now() - Number(keep.get(`invited:${key}`) ?? 0) < DAY
    const word = (wasToday && keep.get(`word:${key}`)) || newId()
    keep.set(`word:${key}`, word)
    return word
  },

  shown(invitation, word) {
    this.told = { invitation, word }
    this.tell("shown")
  },

  opened() {
    keep.write("led", { ...this.told, at: Date.now() })
    this.tell("opened")
  },

  async tell(became) {
    try {
      await ask("POST", "invited/", { isOpenToAll: true, keepalive: true, body: { ...this.told, became } })
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble
    }
  },

  // Goes with the first words that an invitation led to.
  ledTo() {
    const { at = 0, ...led } = keep.read("led") ?? {}
    keep.drop("led")
    return Date.now() - at < DAY ? { invited: led } : {}
  },
}
