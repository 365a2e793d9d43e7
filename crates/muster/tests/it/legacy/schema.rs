//! An upgraded database has the schema that a fresh one has.

use muster_service::legacy::{MoveOptions, run};
use sqlx::PgConnection;

use super::older::OlderDatabase;
use crate::cluster::TestDatabase;

/// Everything that the catalog knows of Muster's two schemas, line by line. Privileges on a schema
/// itself are left out: a view that was made anew adds to them who may read it.
const CATALOG: &str = "
    SELECT format('%s %s.%s owner %s rls %s %s options %s', c.relkind, n.nspname, c.relname, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('column %s.%s.%s %s not null %s default %s identity %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid), a.attidentity)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname IN ('auth', 'dna_app') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT format('grant %s.%s to %s: %s', n.nspname, c.relname, a.grantee::regrole, a.privilege_type)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('grant %s.%s.%s to %s: %s', n.nspname, c.relname, t.attname, a.grantee::regrole, a.privilege_type)
    FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(t.attacl) a
    WHERE n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('constraint %s on %s: %s valid %s', o.conname, o.conrelid::regclass, pg_get_constraintdef(o.oid), o.convalidated)
    FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('policy %s on %s: %s %s %s using %s check %s', p.polname, p.polrelid::regclass, p.polcmd, p.polpermissive, p.polroles::regrole[],
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('function %s owner %s acl %s', pg_get_functiondef(p.oid), p.proowner::regrole, p.proacl) FROM pg_proc p
    WHERE p.pronamespace IN ('auth'::regnamespace, 'dna_app'::regnamespace)
    UNION ALL
    SELECT format('view %s.%s: %s', n.nspname, c.relname, pg_get_viewdef(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND n.nspname IN ('auth', 'dna_app')
    UNION ALL
    SELECT format('migration %s %s', version, encode(checksum, 'hex')) FROM dna_app.schema_migrations
    ORDER BY 1";

async fn catalog(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(CATALOG).fetch_all(connection).await.unwrap()
}

#[tokio::test]
async fn a_fresh_schema_and_an_upgraded_one_are_the_same() {
    let mut older = OlderDatabase::create().await;
    // Foreign extras stay, and are no part of it.
    older.run("DROP VIEW dna_app.v_customer_overall_progress, dna_app.v_customer_iso_progress").await;
    run(&older.database.url(), &MoveOptions::default(), &mut |_| ()).await.unwrap();
    let fresh = catalog(&mut TestDatabase::create().await.superuser().await).await;
    let upgraded = catalog(&mut older.database.superuser().await).await;
    let only = |one: &[String], other: &[String]| one.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!((only(&fresh, &upgraded), only(&upgraded, &fresh)), (Vec::new(), Vec::new()));
    assert!(fresh.len() > 500, "{}", fresh.len());
}
