//! Reads the text of a statement for one question: does it say, for every customer's table that it
//! names, which customer is meant?
//!
//! A table is *held* where its `customer_id` (of `customers`, the `id`) is compared with a parameter, as
//! in `= $1` or `= ANY($1)`, or with that of a table that is held, in a WHERE or an ON; or, being inserted
//! into, where the column is supplied. What stands beside an OR, below a NOT or in a CASE holds nothing;
//! the ON of an outer join holds only what is joined; a subquery holds nothing outside itself.
//!
//! It knows as much SQL as our statements use. What it does not understand it takes for not held, so
//! that it errs to the safe side.

use std::collections::BTreeSet;

/// The tables, of those given (`dna_app.…`), that a statement names without saying whose rows it means.
pub fn not_held(statement: &str, tables: &BTreeSet<String>) -> Vec<String> {
    let mut reading = Reading {
        tokens: tokens(statement),
        at: 0,
        tables,
        scopes: vec![Scope::default()],
        relations: vec![],
        named: vec![],
        equal: vec![],
    };
    reading.walk(0, true, false);
    reading.judge()
}

/// A table, or what stands in the place of one.
struct Relation {
    alias: String,
    scope: usize,
    what: What,
    is_held: bool,
}

enum What {
    /// A customer's table, and the column that says whose a row is.
    Table { name: String, key: &'static str },
    /// What a query gives that is looked at by itself.
    Query { scope: usize },
}

/// A query, or one side of a UNION.
#[derive(Default)]
struct Scope {
    parent: Option<usize>,
}

/// `left = right` in a place where it must be true.
struct Equal {
    scope: usize,
    sides: [String; 2],
    /// The relation that an outer join adds, if it stands in the ON of one.
    outer: Option<usize>,
}

struct Reading<'a> {
    tokens: Vec<String>,
    at: usize,
    tables: &'a BTreeSet<String>,
    scopes: Vec<Scope>,
    relations: Vec<Relation>,
    /// Queries that have a name by WITH.
    named: Vec<(String, usize)>,
    equal: Vec<Equal>,
}

const BEGINS_QUERY: [&str; 5] = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"];
/// Where a comparison may begin.
const BEFORE: [&str; 5] = ["AND", "WHERE", "ON", "(", "OR"];
/// What follows a relation and is not its other name.
const NO_ALIAS: [&str; 25] = [
    "SELECT",
    "WHERE",
    "ON",
    "JOIN",
    "LEFT",
    "RIGHT",
    "FULL",
    "INNER",
    "CROSS",
    "SET",
    "UNION",
    "GROUP",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FOR",
    "RETURNING",
    "VALUES",
    "USING",
    "HAVING",
    "DEFAULT",
    "FROM",
    "AND",
    "EXCEPT",
    "INTERSECT",
];

impl Reading<'_> {
    fn token(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", String::as_str)
    }

    fn before(&self) -> &str {
        self.at.checked_sub(1).map_or("", |at| self.token(at))
    }

    /// Reads on to the closing parenthesis or the end. `must_hold`: what stands here has to be true.
    fn walk(&mut self, scope: usize, is_query: bool, must_hold: bool) -> Vec<Equal> {
        let (mut scope, parent) = (scope, self.scopes[scope].parent);
        let (mut counts, mut is_from, mut is_with, mut cases) = (must_hold, false, false, 0);
        let (mut outer, mut is_outer, mut has_or) = (None, false, false);
        let (mut found, mut kept): (Vec<Equal>, Vec<Equal>) = (vec![], vec![]);
        while self.at < self.tokens.len() && self.token(self.at) != ")" {
            let token = self.token(self.at).to_owned();
            let ends_clause = is_query
                && (["SELECT", "JOIN", "WHERE", "GROUP", "ORDER", "LIMIT", "OFFSET", "HAVING", "RETURNING", "SET", "VALUES", "FOR", "DO"]
                    .contains(&token.as_str())
                    || ["UNION", "EXCEPT", "INTERSECT", "CROSS", "LEFT", "RIGHT", "FULL", "INNER"].contains(&token.as_str())
                    || (token == "FROM" && self.before() != "DISTINCT"));
            if ends_clause {
                let outer: Option<usize> = outer.take();
                let ended = found.drain(..).map(|equal| Equal { outer: equal.outer.or(outer), ..equal });
                if has_or {
                    ended.for_each(drop)
                } else {
                    kept.extend(ended)
                }
                (has_or, counts, is_from) = (false, token == "WHERE", token == "FROM" || token == "JOIN");
                is_outer = (is_outer && token == "JOIN") || ["LEFT", "RIGHT", "FULL"].contains(&token.as_str());
            }
            match token.as_str() {
                "WITH" if is_query => is_with = true,
                "SELECT" | "INSERT" | "UPDATE" | "DELETE" if is_query => is_with = false,
                "UNION" | "EXCEPT" | "INTERSECT" if is_query => {
                    // Both sides belong to whatever the whole belongs to, and neither sees the other's names.
                    self.scopes.push(Scope { parent: parent.or(Some(0)) });
                    scope = self.scopes.len() - 1;
                }
                "ON" if is_query && self.before() != "DISTINCT" && self.token(self.at + 1) != "CONFLICT" => {
                    (counts, is_from) = (true, false);
                    outer = is_outer.then(|| self.relations.len().saturating_sub(1));
                }
                "OR" => has_or |= cases == 0,
                "CASE" => cases += 1,
                "END" => cases -= 1,
                "=" if counts && cases == 0 => found.extend(self.equality(scope)),
                "(" => {
                    let inner = self.parenthesis(scope, is_from, is_with, counts && cases == 0);
                    found.extend(inner);
                    continue;
                }
                _ if self.tables.contains(&token) => self.table(scope, token),
                _ if is_from && ["FROM", "JOIN", ","].contains(&self.before()) => {
                    if let Some(&(_, query)) = self.named.iter().rev().find(|(name, _)| *name == token) {
                        let alias = self.alias().unwrap_or(token);
                        self.relations.push(Relation { alias, scope, what: What::Query { scope: query }, is_held: false });
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        if !has_or {
            kept.extend(found.into_iter().map(|equal| Equal { outer: equal.outer.or(outer), ..equal }));
        }
        if is_query {
            self.equal.extend(std::mem::take(&mut kept));
        }
        kept
    }

    /// A query of its own, or a part of this one.
    fn parenthesis(&mut self, scope: usize, is_from: bool, is_with: bool, counts: bool) -> Vec<Equal> {
        let before = self.before().to_owned();
        let name = (is_with && ["AS", "MATERIALIZED"].contains(&before.as_str())).then(|| {
            let back = (0..self.at).rev().find(|&at| self.token(at) == "AS").unwrap_or_default();
            self.token(back.saturating_sub(1)).to_owned()
        });
        self.at += 1;
        if !BEGINS_QUERY.contains(&self.token(self.at)) {
            let kept = self.walk(scope, false, counts && BEFORE.contains(&before.as_str()));
            self.at += 1;
            return kept;
        }
        // One more scope around it, which both sides of a UNION share.
        self.scopes.push(Scope { parent: Some(scope) });
        let whole = self.scopes.len() - 1;
        self.scopes.push(Scope { parent: Some(whole) });
        self.named.extend(name.clone().map(|name| (name, whole)));
        self.walk(whole + 1, true, false);
        if is_from
            && name.is_none()
            && let Some(alias) = self.alias()
        {
            self.relations.push(Relation { alias, scope, what: What::Query { scope: whole }, is_held: false });
        }
        self.at += 1;
        vec![]
    }

    fn table(&mut self, scope: usize, name: String) {
        let key = if name == "dna_app.customers" { "id" } else { "customer_id" };
        let is_inserted = self.before() == "INTO";
        let alias = self.alias().unwrap_or_else(|| name.trim_start_matches("dna_app.").to_owned());
        let is_held = is_inserted && {
            let columns = self.tokens[self.at..].iter().skip_while(|token| *token != "(").take_while(|token| *token != ")");
            columns.into_iter().any(|column| column == key)
        };
        self.relations.push(Relation { alias, scope, what: What::Table { name, key }, is_held });
    }

    /// The other name that what stands here is given.
    fn alias(&self) -> Option<String> {
        let next = if self.token(self.at + 1) == "AS" { self.token(self.at + 2) } else { self.token(self.at + 1) };
        let is_name = next.starts_with(|first: char| first.is_ascii_lowercase()) || next.starts_with('"');
        (is_name && !NO_ALIAS.contains(&next)).then(|| next.to_owned())
    }

    /// What stands on both sides of the sign.
    fn equality(&self, scope: usize) -> Option<Equal> {
        let begins = self.at.checked_sub(2).is_none_or(|at| BEFORE.contains(&self.token(at)));
        let right = match (self.token(self.at + 1), self.token(self.at + 2)) {
            ("ANY", "(") if self.token(self.at + 4) == ")" => self.token(self.at + 3),
            (right, _) => right,
        };
        begins.then(|| Equal { scope, sides: [self.before().to_owned(), right.to_owned()], outer: None })
    }

    /// The relation whose key a column is, and whether it belongs to the query itself.
    fn keyed(&self, scope: usize, column: &str) -> Option<(usize, bool)> {
        let is_key = |relation: &Relation, column: &str| match &relation.what {
            What::Table { key, .. } => *key == column,
            What::Query { .. } => ["customer_id", "id"].contains(&column),
        };
        let Some((alias, column)) = column.split_once('.') else {
            // Without a name before it: where the query has one relation that is meant.
            let own: Vec<usize> = (0..self.relations.len()).filter(|&at| self.relations[at].scope == scope).collect();
            return (own.len() == 1 && is_key(&self.relations[own[0]], column)).then(|| (own[0], true));
        };
        let mut looked = Some(scope);
        while let Some(one) = looked {
            if let Some(at) = self.relations.iter().position(|relation| relation.scope == one && relation.alias == alias) {
                return is_key(&self.relations[at], column).then_some((at, one == scope));
            }
            looked = self.scopes[one].parent;
        }
        None
    }

    fn is_below(&self, scope: usize, above: usize) -> bool {
        let mut looked = Some(scope);
        while let Some(one) = looked {
            if one == above {
                return true;
            }
            looked = self.scopes[one].parent;
        }
        false
    }

    fn judge(mut self) -> Vec<String> {
        // The tables of an inner query are looked at by themselves, so what it gives needs no second look.
        for at in 0..self.relations.len() {
            let What::Query { scope } = self.relations[at].what else { continue };
            let has_tables = |other: &Relation| matches!(other.what, What::Table { .. }) && self.is_below(other.scope, scope);
            self.relations[at].is_held = self.relations.iter().any(has_tables);
        }
        let mut ways = vec![];
        for equal in &self.equal {
            let may_hold = |at: usize| equal.outer.is_none_or(|outer| outer == at);
            let [left, right] = [0, 1].map(|side| self.keyed(equal.scope, &equal.sides[side]));
            match (left, right) {
                (Some(left), Some(right)) => {
                    for (from, to) in [(left.0, right), (right.0, left)] {
                        ways.extend((to.1 && may_hold(to.0)).then_some((Some(from), to.0)));
                    }
                }
                (Some((at, true)), None) if equal.sides[1].starts_with('$') && may_hold(at) => ways.push((None, at)),
                (None, Some((at, true))) if equal.sides[0].starts_with('$') && may_hold(at) => ways.push((None, at)),
                _ => {}
            }
        }
        loop {
            let next = ways.iter().find(|(from, to)| !self.relations[*to].is_held && from.is_none_or(|from| self.relations[from].is_held));
            let Some(&(_, to)) = next else { break };
            self.relations[to].is_held = true;
        }
        let names = self.relations.into_iter().filter(|relation| !relation.is_held).filter_map(|relation| match relation.what {
            What::Table { name, .. } => Some(name),
            What::Query { .. } => None,
        });
        names.collect()
    }
}

/// Words (names with their dots, parameters), signs, and quoted text; without comments and casts. Key
/// words are in capitals in our statements, names are not.
fn tokens(statement: &str) -> Vec<String> {
    let characters: Vec<char> = statement.chars().collect();
    let is_word = |one: char| one.is_alphanumeric() || "_.$".contains(one);
    let mut tokens: Vec<String> = vec![];
    let mut at = 0;
    while let Some(&one) = characters.get(at) {
        let end = |stops: &dyn Fn(char) -> bool| {
            characters[at + 1..].iter().position(|&next| stops(next)).map_or(characters.len(), |far| at + 1 + far)
        };
        let next = match one {
            '-' if characters.get(at + 1) == Some(&'-') => {
                at = end(&|next| next == '\n');
                continue;
            }
            '\'' | '"' => (end(&|next| next == one) + 1).min(characters.len()),
            _ if one.is_whitespace() => {
                at += 1;
                continue;
            }
            ':' if characters.get(at + 1) == Some(&':') => {
                at += 2;
                while characters.get(at).is_some_and(|&next| is_word(next) || "[]".contains(next)) {
                    at += 1;
                }
                continue;
            }
            _ if is_word(one) => end(&|next| !is_word(next)),
            _ => at + 1,
        };
        tokens.push(characters[at..next].iter().collect());
        at = next;
    }
    tokens
}
