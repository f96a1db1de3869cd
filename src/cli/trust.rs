//! `vestibule trust`: what an account needs, ready to be applied.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Failure, output};
use crate::admin::Said;
use crate::app;
use crate::config::Config;
use crate::domain::account::{AccountId, Alias};
use crate::domain::intent::AccountRef;
use crate::domain::role::{CredentialsName, RoleName};
use crate::domain::trust::render::Format;
use crate::domain::trust::{Carried, Signer, Wanted};

/// `vestibule trust …`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The account: its alias or its 12 digits; also one outside the access model, whose users or roles sign
    #[arg(long)]
    account: String,
    /// Only this role of it; may be given several times
    #[arg(long = "role")]
    roles: Vec<String>,
    /// Only roles with this method, such as `AssumeRoleWithSAML`; may be given several times
    #[arg(long = "method")]
    methods: Vec<String>,
    /// Who signs with own credentials: the name of their entry, =, and the ARN of the IAM user or role
    #[arg(long = "principal", value_name = "CREDENTIALS=ARN")]
    principals: Vec<String>,
    /// What the identity providers send along in proofs that are forwarded
    #[arg(long, value_delimiter = ',')]
    forwarded: Vec<Along>,
    /// Go by this access model instead of the current revision; the file that governs counts by itself
    #[arg(long)]
    access: Option<PathBuf>,
    /// How to write it down
    #[arg(long)]
    format: Form,
}

/// What goes along with a proof.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Along {
    /// Session tags
    Tags,
    /// A source identity
    SourceIdentity,
}

/// A form.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// A template for `CloudFormation`
    Cloudformation,
    /// Terraform's language
    Terraform,
    /// A script of awscli commands
    Cli,
    /// JSON for programs
    Json,
}

impl From<Form> for Format {
    fn from(form: Form) -> Self {
        match form {
            Form::Cloudformation => Self::CloudFormation,
            Form::Terraform => Self::Terraform,
            Form::Cli => Self::Cli,
            Form::Json => Self::Json,
        }
    }
}

/// Runs it.
pub(super) async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let wanted = wanted(&arguments)?;
    let said = said(&arguments)?;
    let admin = app::open_admin(config)
        .await
        .map_err(|error| Failure::of("the access model cannot be opened", &error))?;
    let file = arguments.access.as_ref().or(config.access_file.as_ref());
    let trust = match file {
        None => admin.trust(&wanted, said).await,
        Some(file) => {
            admin
                .trust_by(&super::access::text(file)?, &wanted, said)
                .await
        }
    };
    let trust = trust
        .map_err(|error| Failure::of("the access model cannot be used", &error))?
        .map_err(|problems| {
            Failure::new(format!(
                "what {} needs cannot be said:\n{problems}",
                arguments.account
            ))
        })?;
    output::text(&Format::from(arguments.format).write(&trust));
    Ok(())
}

fn wanted(arguments: &Arguments) -> Result<Wanted, Failure> {
    let account = AccountId::parse(&arguments.account).map(AccountRef::Id);
    let account = account.or_else(|_| Alias::parse(&arguments.account).map(AccountRef::Alias));
    let account =
        account.map_err(|_| Failure::new("--account is an account's alias, or its 12 digits"))?;
    let roles = arguments.roles.iter().map(|role| {
        // as keys are written elsewhere, too
        let name = role.strip_prefix(&format!("{}/", arguments.account));
        RoleName::parse(name.unwrap_or(role)).map_err(|error| Failure::of("--role", &error))
    });
    Ok(Wanted {
        account,
        roles: roles.collect::<Result<_, _>>()?,
        methods: arguments.methods.clone(),
    })
}

fn said(arguments: &Arguments) -> Result<Said, Failure> {
    let mut signers = BTreeMap::new();
    for text in &arguments.principals {
        let (name, arn) = text
            .split_once('=')
            .ok_or_else(|| Failure::new("--principal is written CREDENTIALS=ARN"))?;
        let name =
            CredentialsName::parse(name).map_err(|error| Failure::of("--principal", &error))?;
        let signer = Signer::parse(arn)
            .map_err(|error| Failure::of(&format!("--principal {name}"), &error))?;
        if signers.insert(name.clone(), signer).is_some() {
            return Err(Failure::new(format!("--principal names {name} twice")));
        }
    }
    let forwarded = arguments.forwarded.iter().map(|along| match along {
        Along::Tags => Carried::Tags,
        Along::SourceIdentity => Carried::SourceIdentity,
    });
    Ok(Said {
        signers,
        forwarded: forwarded.collect(),
    })
}
