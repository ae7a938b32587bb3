// Times and sizes as the page's language says them, in the reader's own clock.

// "en" alone would be American: the page's own region, or the reader's, comes first.
function region() {
  const known = [document.documentElement.lang, ...navigator.languages]
  return known.find((one) => one.includes("-") && one.startsWith(language())) ?? language()
}

const shown = (moment, how) => new Intl.DateTimeFormat(region(), how).format(new Date(moment))
const clockOf = (moment) => shown(moment, { timeStyle: "short" })
const dayKey = (moment) => new Date(moment).toDateString()

function daysFromNow(moment) {
  const midnight = (date) => new Date(date).setHours(12, 0, 0, 0)
  return Math.round((midnight(moment) - midnight(Date.now())) / 86_400_000)
}

function dayOf(moment) {
  const days = daysFromNow(moment)
  if (days === 0) return say("isToday")
  if (days === -1) return say("isYesterday")
  return shown(moment, { weekday: "long", day: "numeric", month: "long" })
}

// "tomorrow at 09:00", for a moment to come; words of the desk's stand as they are.
function whenOf(moment) {
  if (!/^\d{4}-\d\d-\d\dT/.test(moment ?? "")) return moment ?? ""
  const days = daysFromNow(moment)
  const time = clockOf(moment)
  if (days <= 0) return say("today", time)
  if (days === 1) return say("tomorrow", time)
  const day = shown(moment, days < 7 ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" })
  return say("onDay", day, time)
}

function sizeOf(bytes) {
  const number = (value) => new Intl.NumberFormat(region(), { maximumFractionDigits: 1 }).format(value)
  return bytes < 1_000_000 ? `${number(Math.max(1, Math.round(bytes / 1000)))} kB` : `${number(bytes / 1_000_000)} MB`
}
