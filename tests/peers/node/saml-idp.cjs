// The person and the attributes of npm saml-idp, a test identity provider that takes whatever its form posts.
//
// Handed over as --configFile (by absolute path: a relative one is ignored without a word). Attribute ids
// become attribute names; multiValue ones are split at commas by saml-idp itself.
module.exports = {
  user: {
    userName: 'dora@example.org',
    nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    email: 'dora@example.org',
    groups: 'cloud-viewers,cloud-audit',
  },
  metadata: [
    { id: 'email', displayName: 'E-mail', multiValue: false },
    { id: 'groups', displayName: 'Groups', multiValue: true },
  ],
};
