// A store for tests: no Redis, no admin pages, and nothing leaves the machine.
const { defineConfig } = require('@medusajs/framework/utils')

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { connection: { ssl: false } },
    http: {
      storeCors: '*',
      adminCors: '*',
      authCors: '*',
      jwtSecret: process.env.STORE_SECRET,
      cookieSecret: process.env.STORE_SECRET,
    },
  },
})
