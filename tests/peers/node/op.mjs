// oidc-provider as a test OpenID provider on loopback.
//
//   PORT=4110 PUBLIC_URL=http://127.0.0.1:8080 IDP=op ALG=RS256 node op.mjs
//
// PORT 0 takes a free one. Prints one line `READY <issuer>` when it answers. IDP is what Vestibule calls this
// provider: the redirect URI is PUBLIC_URL/oidc/IDP/callback. ALG signs the ID token: RS256, PS256, ES256, EdDSA.
// GROUPS=userinfo keeps the groups out of the ID token, as the specification has it. Sign in with any name of
// `people` and any password, then consent; keys are new at each start.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const app = process.env.PUBLIC_URL ?? 'http://127.0.0.1:8080';
const idp = process.env.IDP ?? 'op';
const algorithm = process.env.ALG ?? 'RS256';

const people = {
  eve: { email: 'eve@example.org', email_verified: true, name: 'Eve', groups: ['cloud-admins', 'cloud-viewers'] },
  frank: { email: 'frank@example.org', email_verified: false, name: 'Frank', groups: [] },
};

const key = (type, options, kid, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig',
});

const configuration = {
  clients: [{
    client_id: 'vestibule',
    client_secret: 'test-only',
    redirect_uris: [`${app}/oidc/${idp}/callback`],
    id_token_signed_response_alg: algorithm,
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  jwks: { keys: [
    key('rsa', { modulusLength: 2048 }, 'rsa-1', 'RS256'),
    key('rsa', { modulusLength: 2048 }, 'rsa-2', 'PS256'),
    key('ec', { namedCurve: 'P-256' }, 'ec-1', 'ES256'),
    key('ed25519', {}, 'ed-1', 'EdDSA'),
  ] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  conformIdTokenClaims: process.env.GROUPS === 'userinfo',
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  findAccount: (ctx, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  cookies: { keys: ['test-only'] },
};

// The issuer names the port, so the port comes first and the provider is put behind it.
let answer = (request, response) => response.writeHead(503).end();
const server = createServer((request, response) => answer(request, response));
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  answer = new Provider(issuer, configuration).callback();
  console.log('READY', issuer);
});
