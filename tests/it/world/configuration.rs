//! What the tests' Vestibule is configured with, as TOML.

use vestibule_sandbox::Sandbox;

use super::{OIDC, SAML};

#[expect(clippy::too_many_lines, reason = "one text")]
pub fn text(sandbox: &Sandbox, url: &str, database: Option<&str>) -> String {
    let database = database.unwrap_or("sqlite:vestibule.db");
    let issuer = sandbox.oidc_idp.issuer();
    let endpoint = sandbox.aws.endpoint_template();
    format!(
        r#"
[server]
listen = "127.0.0.1:0"
operations_listen = "127.0.0.1:0"
public_url = "{url}"
cookie_secret_file = "cookie-secret"
trusted_proxies = []
workers = 2

[database]
url = "{database}"

[sessions]
idle_minutes = 60
absolute_hours = 12

[[identity_providers]]
id = "{SAML}"
name = "Example Corp"
kind = "saml"
metadata_file = "corp-metadata.xml"
audience = ["https://signin.aws.amazon.com/saml", "urn:amazon:webservices:govcloud"]
unique_email_domains = ["example.com"]

[[identity_providers]]
id = "{OIDC}"
name = "Example Id"
kind = "oidc"
issuer = "{issuer}"
client_id = "vestibule"
client_secret_file = "okta-secret"
scopes = ["openid", "profile", "email", "groups"]
algorithms = ["RS256", "ES256"]

[aws]
region = "eu-west-1"
endpoint = "{endpoint}"
keep_warm_seconds = 0

[aws.partitions.aws-us-gov]
region = "us-gov-west-1"

[[credentials]]
name = "hub"
source = "file"
file = "hub"

[[credentials]]
name = "chained"
source = "file"
file = "chained"

[[credentials]]
name = "payments"
source = "file"
file = "payments"

[[credentials]]
name = "gov"
source = "file"
file = "gov"
partition = "aws-us-gov"

[[administrators]]
idp = "{SAML}"
when = [{{ attribute = "groups", is = "cloud-admins" }}]
"#
    )
}
