//! What does not hold yet, or holds on purpose only here, each with its reason.

/// Whose primary key is `id` alone, as in the original schema. The conversion makes it `(customer_id, id)`,
/// which is unique already.
pub const PRIMARY_KEY_IS_ID: [&str; 20] = [
    "customer_answers",
    "customer_document_approvals",
    "customer_document_exports",
    "customer_document_versions",
    "customer_documents",
    "customer_evidence",
    "customer_evidence_tasks",
    "customer_import_items",
    "customer_iso_plan_templates",
    "customer_iso_plans",
    "customer_members",
    "customer_respondent_links",
    "customer_respondent_questions",
    "customer_respondents",
    "customer_task_changes",
    "customer_task_comment_mentions",
    "customer_task_comments",
    "customer_task_reminders",
    "customer_tasks",
    // Its id is the customer's, so this one is as it has to be.
    "customers",
];

/// The firm's tables that customers' rows reference: a copy of each has to be on every server.
pub const REFERENCED: [&str; 5] = [
    "auth.users",
    "dna_app.iso_standards",
    // No library, and up to 5 MB a row: each row of an import names the file that it came from.
    "dna_app.spreadsheet_imports",
    "dna_app.template_releases",
    "dna_app.templates",
];

/// The firm's tables that statements name beside customers' ones, without a reference.
pub const READ_BESIDE: [&str; 7] = [
    "auth.invitations",
    "dna_app.audit_checkpoints",
    "dna_app.firm",
    "dna_app.firm_audit_head",
    "dna_app.search_words",
    "dna_app.task_rules",
    "dna_app.template_questions",
];

/// Triggers on tables of those two lists. Citus takes none on a table that it copies to every server: the
/// conversion drops these, and the program has to keep what they keep.
pub const TRIGGERS: [&str; 4] = [
    "task_rules_library_key on dna_app.task_rules",
    "template_questions_immutable on dna_app.template_questions",
    "template_releases_immutable on dna_app.template_releases",
    "templates_library_key on dna_app.templates",
];

/// Policies that look into another table: what belongs to a plan only through something else. Citus takes
/// no subquery in a policy, so the conversion gives these tables a plan of their own.
pub const POLICIES_THAT_READ_TABLES: [&str; 6] = [
    "service_in_plans on dna_app.customer_audit_log",
    "service_in_plans on dna_app.customer_evidence",
    "service_in_plans on dna_app.customer_evidence_tasks",
    "service_in_plans on dna_app.customer_task_changes",
    "service_in_plans on dna_app.customer_task_comment_mentions",
    "service_in_plans on dna_app.customer_task_comments",
];

/// Functions, and views with their owner's rights, that read customers' tables, of which no statement tells: each is
/// looked at by hand.
pub const THAT_READ_CUSTOMERS: [&str; 8] = [
    // By the person: at each request, before any customer is known. On several servers it asks all of them.
    "auth.memberships_of",
    // By the hash of a link's secret, likewise.
    "auth.open_respondent",
    // A view: by the person, likewise.
    "auth.sessions_held",
    // A view: by the customer.
    "auth.workspace_versions",
    "dna_app.audit_links",
    "dna_app.customer_figures",
    // By the person, in the scope of all customers that they may see.
    "dna_app.my_overdue_count",
    // By the customers of the scope, which are words of its index.
    "dna_app.search_candidates",
];

const LOCATOR: &str = "finds the customer of an id, among those that the actor may see; for a firm admin, among all";
const PORTFOLIO: &str = "a list across the customers that the actor may see; for a firm admin, all";
const WORKER: &str = "the program looks for what is due, at whichever customer; what it finds is done in that customer's scope";
const AUDIT: &str = "the program goes through the ends of all logs";

/// Statements that do not say which customer they mean: something that only they have, how many they
/// are, and why.
pub const ACROSS_CUSTOMERS: [(&str, usize, &str); 28] = [
    ("SELECT customer_id, approval_step FROM dna_app.customer_tasks WHERE ($1", 1, LOCATOR),
    ("SELECT customer_id FROM dna_app.customer_documents WHERE ($1", 1, LOCATOR),
    ("SELECT customer_id FROM dna_app.customer_evidence WHERE ($1", 1, LOCATOR),
    ("SELECT customer_id FROM dna_app.customer_iso_plans WHERE ($1", 1, LOCATOR),
    ("SELECT id, customer_id FROM dna_app.customer_tasks WHERE ($1", 1, LOCATOR),
    ("SELECT DISTINCT customer_id AS \"id!\" FROM dna_app.customer_task_changes WHERE ($1", 1, LOCATOR),
    ("SELECT DISTINCT customer_id FROM dna_app.customer_import_items WHERE import_id = $1", 1, LOCATOR),
    ("FROM dna_app.customers WHERE ($1::integer[] IS NULL OR id = ANY($1)) AND ($2 OR status <> 'archived')", 2, PORTFOLIO),
    ("SELECT id, name FROM dna_app.customers WHERE ($1", 1, PORTFOLIO),
    ("m.status = 'active') AS \"is_mine!\" FROM dna_app.customers c WHERE ($1", 1, PORTFOLIO),
    ("SELECT iso_standard_id, count(*) AS \"plans!\"", 1, PORTFOLIO),
    ("WHERE ($1::integer[] IS NULL OR t.customer_id = ANY($1)) AND t.id = ANY($2)", 2, PORTFOLIO),
    ("WITH listed AS ( SELECT t.id, t.customer_id, t.task_scope", 3, PORTFOLIO),
    ("AND ($2::integer IS NULL OR t.assigned_to = $2) AND t.due_date BETWEEN $3 AND $4", 1, PORTFOLIO),
    ("AND a.template_id = $2 AND NOT a.is_ignored ORDER BY lower(c.name), c.id, s.code", 1, PORTFOLIO),
    ("WITH place AS (", 1, PORTFOLIO),
    ("FROM dna_app.search_candidates($1::text::tsquery, $2)", 1, PORTFOLIO),
    ("WHERE ($1::integer[] IS NULL OR i.customer_id = ANY($1)) AND i.import_id = $2", 1, PORTFOLIO),
    // The firm's admin looks at the firm's people.
    ("(SELECT count(DISTINCT m.customer_id) FROM dna_app.customer_members m WHERE m.user_id = u.id", 1, PORTFOLIO),
    ("SELECT c.id FROM dna_app.customers c WHERE EXISTS (SELECT FROM dna_app.customer_members m", 1, PORTFOLIO),
    ("r.generation_source = 'evidence:' || e.id)", 1, WORKER),
    ("SELECT DISTINCT t.customer_id, t.id FROM dna_app.customer_evidence e", 1, WORKER),
    ("WHERE v.status = 'approved' AND NOT v.content ? 'file' AND NOT EXISTS", 1, WORKER),
    ("WHERE d.next_review_on <= $1 AND EXISTS", 1, WORKER),
    ("FROM dna_app.customers WHERE words_version < workspace_version", 1, WORKER),
    ("(c.reminded_on IS NULL OR c.reminded_on < ", 1, WORKER),
    ("(SELECT a.customer_id AS log_of", 1, AUDIT),
    ("UNION SELECT customer_id FROM dna_app.customer_audit_heads UNION", 1, AUDIT),
];

/// Files of the store that put statements together while the program runs, and so have none in `.sqlx`:
/// transactions, settings and the installation, nothing of customers.
pub const RUN_TIME_STATEMENTS: [&str; 2] = ["db.rs", "install.rs"];
