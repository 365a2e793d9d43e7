// An OpenID provider on a port of loopback, for the tests; port 0 takes a free one. Its only argument is JSON:
// {"redirect_uri": …, "claims_in_token": true|false, "port": 0}. It prints {"issuer": …} when it is ready.
//
// Everybody may sign in, with any password, as the subject that they name. What is known of a
// subject is put there by `PUT /people/SUBJECT` with a JSON object of claims.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

import { Provider } from 'oidc-provider'

const { redirect_uri, claims_in_token, port } = JSON.parse(process.argv[2])
const people = new Map()

// Each provider has keys of its own, under names of their own.
const key = (alg, pair) => ({ ...pair.privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg, use: 'sig' })
const keys = [
  key('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })),
  key('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  key('EdDSA', generateKeyPairSync('ed25519')),
]

// One client for each way of signing; the one with EdDSA has no secret.
const client = (name, alg) => ({
  client_id: name,
  redirect_uris: [redirect_uri],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: alg,
})
const secret = 'a secret + with & signs % of its own'
const clients = [
  { ...client('muster', 'RS256'), client_secret: secret },
  { ...client('muster-es256', 'ES256'), client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' },
  { ...client('muster-public', 'EdDSA'), token_endpoint_auth_method: 'none' },
]

const server = createServer()
server.listen(port, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: !claims_in_token,
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    const subject = request.method === 'PUT' && request.url.match(/^\/people\/([\w-]+)$/)?.[1]
    if (!subject) return answer(request, response)
    let text = ''
    request.on('data', (part) => (text += part))
    request.on('end', () => {
      people.set(subject, JSON.parse(text))
      response.writeHead(204).end()
    })
  })
  console.log(JSON.stringify({ issuer }))
})

// Whoever started it holds its input open; when they are gone, so is it.
process.stdin.on('end', () => process.exit()).resume()
