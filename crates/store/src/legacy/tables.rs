//! The tables of an older database: what tells that it is one, and how its rows are known again.

/// Where a table stands: under its own name, or under the name that it has after the cutover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The older program works on it.
    InUse,
    /// Muster works; the older tables are kept aside, frozen.
    Aside,
}

/// The two schemas that the older program and Muster both use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Schema {
    /// People.
    Auth,
    /// Everything else.
    App,
}

impl Schema {
    /// Its name; with the older tables aside it is another.
    pub(super) const fn name(self, standing: Standing) -> &'static str {
        match (self, standing) {
            (Self::Auth, Standing::InUse) => "auth",
            (Self::App, Standing::InUse) => "dna_app",
            (Self::Auth, Standing::Aside) => "muster_legacy_auth",
            (Self::App, Standing::Aside) => "muster_legacy_dna_app",
        }
    }
}

/// A table that the upgrade knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct LegacyTable {
    pub(super) schema: Schema,
    pub(super) name: &'static str,
    /// Whose a row is, of the row `t`; `NULL` for what belongs to the firm or is found by another row.
    pub(super) customer: &'static str,
    /// Without these columns it is not the table that is meant. Empty: the table may be missing.
    pub(super) required: &'static [&'static str],
    /// Columns that are taken over where they are.
    pub(super) optional: &'static [&'static str],
}

const fn table(
    schema: Schema,
    name: &'static str,
    customer: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> LegacyTable {
    LegacyTable { schema, name, customer, required, optional }
}

const OWN: &str = "t.customer_id";
const OF_PLAN: &str = "(SELECT p.customer_id FROM {app}.customer_iso_plans p WHERE p.id = t.plan_id)";
const OF_DOCUMENT: &str = "(SELECT d.customer_id FROM {app}.customer_documents d WHERE d.id = t.document_id)";
const OF_TASK: &str = "(SELECT k.customer_id FROM {app}.customer_tasks k WHERE k.id = t.task_id)";

/// All of them, each after those that it references.
pub(super) const TABLES: [LegacyTable; 19] = [
    table(Schema::Auth, "roles", "NULL::integer", &[], &["id", "name", "permissions", "is_system"]),
    table(
        Schema::Auth,
        "users",
        "NULL::integer",
        &["id", "email", "password_hash", "full_name", "role", "is_active"],
        &["created_at", "updated_at", "last_login", "role_id"],
    ),
    table(Schema::Auth, "sessions", "NULL::integer", &[], &[]),
    table(
        Schema::App,
        "customers",
        "t.id",
        &["id", "name", "email", "status", "created_at", "updated_at"],
        &[
            "contact_person",
            "phone",
            "address",
            "metadata",
            "created_by",
            "portal_username",
            "portal_password_hash",
            "contact_email",
            "document_email",
            "storage_type",
            "storage_path",
            "storage_config",
            "portal_enabled",
            "last_portal_login",
            "website",
            "compliance_email",
            "contract_email",
            "description",
        ],
    ),
    table(
        Schema::App,
        "iso_standards",
        "NULL::integer",
        &["id", "code", "name"],
        &["description", "requirements_summary", "active", "display_order", "color", "created_at", "updated_at"],
    ),
    table(
        Schema::App,
        "templates",
        "NULL::integer",
        &["id", "name", "template_structure", "status"],
        &[
            "description",
            "iso_standard",
            "template_file_id",
            "version",
            "version_number",
            "total_fixed_sections",
            "total_fillable_sections",
            "semantic_tags",
            "approved_at",
            "approved_by",
            "created_by",
            "created_at",
            "updated_at",
        ],
    ),
    table(Schema::App, "template_versions", "NULL::integer", &[], &["template_id", "version_number"]),
    table(Schema::App, "template_iso_mapping", "NULL::integer", &[], &["template_id", "iso_standard_id"]),
    table(
        Schema::App,
        "customer_iso_plans",
        OWN,
        &["id", "customer_id", "iso_standard_id", "plan_status", "template_selection_mode"],
        &[
            "plan_name",
            "target_completion_date",
            "started_at",
            "completed_at",
            "created_by",
            "created_at",
            "updated_at",
            "is_ignored",
            "ignored_at",
            "ignored_by",
            "ignore_reason",
        ],
    ),
    table(
        Schema::App,
        "customer_iso_plan_templates",
        OF_PLAN,
        &["id", "plan_id", "template_id"],
        &["included", "created_at", "is_ignored", "ignored_at", "ignored_by", "ignore_reason"],
    ),
    table(
        Schema::App,
        "customer_documents",
        OWN,
        &["id", "customer_id", "plan_id", "template_id", "document_name", "status"],
        &[
            "template_version",
            "template_name",
            "document_type",
            "iso_code",
            "content",
            "document_version",
            "completion_percentage",
            "mandatory_sections_total",
            "mandatory_sections_completed",
            "storage_path",
            "exported_at",
            "assigned_to",
            "created_by",
            "updated_by",
            "reviewed_by",
            "approved_by",
            "created_at",
            "updated_at",
            "reviewed_at",
            "approved_at",
            "due_date",
            "notes",
        ],
    ),
    table(Schema::App, "customer_document_history", OF_DOCUMENT, &[], &["id", "document_id", "version", "content"]),
    table(
        Schema::App,
        "customer_tasks",
        OWN,
        &["id", "customer_id", "plan_id", "document_id", "task_type", "task_scope", "section_id", "title", "status", "priority"],
        &[
            "description",
            "requires_evidence",
            "evidence_description",
            "evidence_format",
            "evidence_uploaded",
            "evidence_files",
            "assigned_to",
            "due_date",
            "completed_at",
            "completed_by",
            "created_by",
            "created_at",
            "updated_at",
            "notes",
            "auto_generated",
            "is_ignored",
            "ignored_at",
            "ignored_by",
            "ignore_reason",
            "created_manually_by",
            "manual_task_context",
            "template_id",
            "placeholder_key",
            "answer",
            "answered_at",
            "answered_via",
        ],
    ),
    table(Schema::App, "customer_storage_files", OWN, &[], &["id", "customer_id"]),
    table(Schema::App, "customer_configuration", OWN, &[], &["id", "customer_id"]),
    table(Schema::App, "task_resolutions", OF_TASK, &[], &["id", "task_id"]),
    table(Schema::App, "task_templates", "NULL::integer", &[], &["id"]),
    table(Schema::App, "customer_interview_sessions", OWN, &[], &["id", "customer_id"]),
    table(Schema::App, "template_files", "NULL::integer", &[], &["id"]),
];

impl LegacyTable {
    /// Its name with its schema.
    pub(super) fn place(&self, standing: Standing) -> String {
        format!("{}.{}", self.schema.name(standing), self.name)
    }

    /// The column that says whose a row is.
    pub(super) fn customer_column(&self) -> Option<&'static str> {
        ["t.customer_id", "t.plan_id", "t.document_id", "t.task_id"]
            .into_iter()
            .find(|column| self.customer.contains(column))
            .map(|column| &column[2..])
    }
}
