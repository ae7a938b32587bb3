// Tells Makegood what happens to orders of a Vendure store (version 3).
//
// Put this file beside the store's vendure-config, add MakegoodPlugin to its `plugins`, and give
// the store, in its environment, the address and the secret that Makegood showed when it was
// connected:
//
//   MAKEGOOD_URL=https://help.example.com/signals/…/
//   MAKEGOOD_SECRET=whsec_…
//
// Every message is signed as Standard Webhooks describes it. It names an order and says nothing
// else of it: Makegood asks the store what the order is like now.
const { createHmac, randomUUID } = require('node:crypto')
const {
  ConfigService, EventBus, FulfillmentEvent, Logger, OrderPlacedEvent, OrderStateTransitionEvent,
  PaymentStateTransitionEvent, PluginCommonModule, RefundEvent, RefundStateTransitionEvent,
  VendurePlugin,
} = require('@vendure/core')

const TRIES = 5
const SECONDS = 10

function signed(body) {
  const id = `msg_${randomUUID()}`
  const at = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(process.env.MAKEGOOD_SECRET.replace(/^whsec_/, ''), 'base64')
  const mark = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mark}` }
}

async function post(body) {
  for (let tried = 1; tried <= TRIES; tried += 1) {
    // What the store has just done is not committed yet: it is told a moment later.
    await new Promise((done) => { setTimeout(done, tried * tried * 1000) })
    try {
      const answer = await fetch(process.env.MAKEGOOD_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(body) },
        body,
        signal: AbortSignal.timeout(SECONDS * 1000),
      })
      if (answer.ok) return
    } catch { /* not reached: once more */ }
  }
  Logger.warn(`Makegood was not reached about ${body}`, 'Makegood')
}

class MakegoodPlugin {
  constructor(events, config) {
    this.events = events
    this.ids = config.entityOptions.entityIdStrategy
  }

  onApplicationBootstrap() {
    if (!process.env.MAKEGOOD_URL || !process.env.MAKEGOOD_SECRET) return
    this.tellOf(OrderPlacedEvent, 'order.placed')
    this.tellOf(OrderStateTransitionEvent, 'order.state')
    this.tellOf(PaymentStateTransitionEvent, 'payment.state')
    this.tellOf(RefundEvent, 'refund')
    this.tellOf(RefundStateTransitionEvent, 'refund.state')
    this.tellOf(FulfillmentEvent, 'fulfillment')
  }

  tellOf(kind, topic) {
    this.events.ofType(kind).subscribe(({ order }) => {
      if (!order || !order.orderPlacedAt) return // a cart
      const id = this.ids ? this.ids.encodeId(order.id) : order.id
      post(JSON.stringify({ topic, order: String(id) }))
    })
  }
}
Reflect.defineMetadata('design:paramtypes', [EventBus, ConfigService], MakegoodPlugin)
VendurePlugin({ imports: [PluginCommonModule], compatibility: '^3.0.0' })(MakegoodPlugin)

module.exports = { MakegoodPlugin }
