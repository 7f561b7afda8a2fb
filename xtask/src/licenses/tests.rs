//! What packages say of their licences, and what we answer.

use serde_json::json;
use toml::Table;

use super::policy::Policy;
use super::{Package, crates, judge, npm, pip, spdx};

const DENY: &str = r#"
[licenses]
allow = ["MIT", "Apache-2.0"]
exceptions = [{ crate = "fonts", allow = ["OFL-1.1"] }]
[bans]
deny = [{ crate = "evil", reason = "it phones home" }]
[sources]
allow-registry = ["https://registry"]
"#;
const MORE: &str = r#"
[spelling]
"MIT License" = "MIT"
[npm]
allow = ["Python-2.0"]
[pip.clarify]
silent = { license = "MIT", because = "its LICENSE file" }
[pip.except]
certificates = { license = "MPL-2.0", because = "tests only" }
"#;

fn policy() -> Policy {
    let table = |text: &str| text.parse::<Table>().expect("the tables above are TOML");
    Policy::of(&table(DENY), &table(MORE)).expect("every entry above has its reason")
}

fn package(name: &str, license: Option<&str>) -> Package {
    Package { name: name.to_owned(), version: "1.0".to_owned(), license: license.map(str::to_owned) }
}

#[test]
fn expressions_are_weighed() {
    let allowed = |id: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&id);
    for (expression, answer) in [
        ("MIT", Some(true)),
        ("GPL-3.0", Some(false)),
        ("GPL-3.0 OR MIT", Some(true)),
        ("MIT/Apache-2.0", Some(true)),
        ("MIT AND GPL-3.0", Some(false)),
        ("GPL-3.0 OR MIT AND ISC", Some(true)),
        ("GPL-3.0 AND MIT OR ISC", Some(true)),
        ("GPL-3.0 AND (MIT OR ISC)", Some(false)),
        ("(MIT or ISC) and (ISC)", Some(true)),
        ("Apache-2.0 WITH LLVM-exception", Some(true)),
        ("MIT WITH LLVM-exception", Some(false)),
        ("", None),
        ("MIT OR", None),
        ("(MIT", None),
        ("MIT ISC", None),
        ("AND MIT", None),
    ] {
        assert_eq!(spdx::satisfied(expression, &allowed).ok(), answer, "{expression}");
    }
}

#[test]
fn packages_are_judged_by_name_and_licence() {
    let policy = policy();
    let all = || vec![package("silent", None), package("certificates", Some("MPL-2.0"))];
    let with = |more: Package| all().into_iter().chain([more]).collect::<Vec<_>>();
    assert_eq!(judge(&all(), &policy.pip), Vec::<String>::new());
    for (package, expected) in [
        (package("a", None), "a 1.0: names no licence that can be read"),
        (package("a", Some("MPL-2.0")), "a 1.0: MPL-2.0 is not allowed"),
        (package("a", Some("see LICENSE")), "a 1.0: \"see LICENSE\": unexpected \"LICENSE\""),
    ] {
        assert_eq!(judge(&with(package), &policy.pip), [expected]);
    }
    assert_eq!(
        judge(&all()[..1], &policy.pip),
        ["certificates: there is no such package any more; take its entry out"]
    );
    assert_eq!(judge(&[package("fonts", Some("MIT AND OFL-1.1"))], &policy.crates), Vec::<String>::new());
}

#[test]
fn crates_come_from_the_registry_and_are_not_banned() {
    let metadata = json!({"packages": [
        {"name": "ours", "version": "1.0", "license": "MIT", "source": null},
        {"name": "good", "version": "1.0", "license": "MIT", "source": "registry+https://registry"},
        {"name": "evil", "version": "1.0", "license": "MIT", "source": "git+https://elsewhere"},
    ]});
    let (packages, complaints) = crates::read(&metadata, &policy());
    assert_eq!(packages, [package("good", Some("MIT")), package("evil", Some("MIT"))]);
    assert_eq!(complaints, ["evil 1.0: comes from git+https://elsewhere", "evil 1.0: it phones home"]);
}

#[test]
fn npm_packages_are_asked_where_the_lock_file_is_silent() {
    let lock = json!({"packages": {
        "": {"license": "MIT"},
        "node_modules/a": {"version": "1.0", "license": "MIT"},
        "node_modules/a/node_modules/@of/b": {"version": "1.0"},
        "node_modules/c": {"version": "1.0"},
    }});
    let installed = |path: &str| path.ends_with('b').then(|| json!({"licenses": [{"type": "ISC"}]}));
    assert_eq!(
        npm::read(&lock, &installed),
        [package("a", Some("MIT")), package("@of/b", Some("ISC")), package("c", None)]
    );
}

#[test]
fn python_packages_are_read_in_three_ways() {
    let classifiers = ["License :: OSI Approved :: MIT License", "License :: OSI Approved :: Zope"];
    let answer = json!([
        {"name": "A_b.c", "version": "1.0", "expression": "MIT", "license": "x", "classifiers": []},
        {"name": "b", "version": "1.0", "license": "MIT License", "classifiers": []},
        {"name": "c", "version": "1.0", "license": "Permission is granted".repeat(9), "classifiers": classifiers},
        {"name": "d", "version": "1.0", "license": "", "classifiers": []},
    ]);
    assert_eq!(
        pip::read(&answer, &policy().spelling),
        [
            package("a-b-c", Some("MIT")),
            package("b", Some("MIT")),
            package("c", Some("MIT AND Zope")),
            package("d", None)
        ]
    );
}

#[test]
fn an_exception_needs_a_reason() {
    let more: Table = "[npm.except]\na = { license = \"GPL-3.0\" }".parse().expect("TOML");
    let error = Policy::of(&Table::new(), &more).err().expect("it has no reason");
    assert_eq!(error.to_string(), "xtask/licenses.toml: except.a has no `because`");
}
