// What a program in JavaScript would use: node-saml, set up as its documentation says, with all its usual checks on.
//
//     node-saml.cjs CERTIFICATE.pem RESPONSE.base64 ISSUER ENTITY_ID ACS GROUPS
//
// Speaks the protocol of all yardsticks: `ready` once the response has been accepted with so many groups, then for each
// line with a number so many verifications, answered by the microseconds of CPU that one took.
const fs = require('node:fs')
const readline = require('node:readline')
const { SAML, ValidateInResponseTo } = require('@node-saml/node-saml')

const [certificate, response, idpIssuer, entityId, acs, groups] = process.argv.slice(2)
const saml = new SAML({
  idpCert: fs.readFileSync(certificate, 'utf8'),
  idpIssuer,
  issuer: entityId,
  audience: entityId,
  callbackUrl: acs,
  entryPoint: 'https://idp.example.com/sso',
  wantAssertionsSigned: true,
  wantAuthnResponseSigned: process.env.SIGNED === 'both',
  // which request an answer is for takes a memory of requests, which is none of a verification's
  validateInResponseTo: ValidateInResponseTo.never,
  acceptedClockSkewMs: 60000
})
const SAMLResponse = fs.readFileSync(response, 'utf8')

async function verify () {
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse })
  if (profile.nameID !== 'erin@example.com' || [].concat(profile.groups).length !== Number(groups)) {
    throw new Error('another person than the response is about')
  }
}

function microseconds () {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function main () {
  await verify()
  console.log('ready')
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const before = microseconds()
    for (let done = 0; done < Number(line); done++) await verify()
    console.log((microseconds() - before) / Number(line))
  }
}

main().catch(error => {
  console.error(error.message)
  process.exit(1)
})
