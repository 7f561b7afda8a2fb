//! Who may log in, decided on the page: added, changed, removed; and what an admin cannot do.

use crate::account::{ask, code, server};
use crate::socket::Socket;
use crate::support::{PASSWORD, Server};
use serde_json::{Value, json};
use web::auth::Password;

#[tokio::test]
async fn an_admin_adds_changes_and_removes_users() {
    let server = server().await;
    let admin = server.token_of("vnpy");
    let (_, list) = ask(&server, &admin, "users.list", "/users", &Value::Null).await;
    let user = |name: &str, role: &str, sessions: u32| json!({ "name": name, "role": role, "configured": false, "sessions": sessions });
    assert_eq!(
        list.json(),
        json!([user("vnpy", "admin", 1), user("trader", "trader", 0), user("viewer", "viewer", 0)])
    );
    let fresh = json!({ "name": "新人", "password": "p", "role": "viewer" });
    let (status, added) = ask(&server, &admin, "users.add", "/users", &fresh).await;
    assert_eq!((status, added.json()), (201, user("新人", "viewer", 0)));
    let (status, twice) = ask(&server, &admin, "users.add", "/users", &fresh).await;
    assert_eq!((status, code(&twice).as_str()), (409, "user_exists"));
    assert_eq!(server.login("%E6%96%B0%E4%BA%BA", "p").await.status, 200);
    let path = "/users/%E6%96%B0%E4%BA%BA";
    let token = server.token_of("新人");
    let (status, changed) = ask(&server, &admin, "users.change", path, &json!({ "role": "trader" })).await;
    assert_eq!((status, changed.json()["role"].as_str()), (200, Some("trader")));
    assert_eq!(server.with(&token, "GET", "/api/v1/me", "").await.json()["role"], "trader", "he stays logged in");
    let mut stream = Socket::open(server.address, &token).await;
    assert_eq!(ask(&server, &admin, "users.change", path, &json!({ "password": "q" })).await.0, 200);
    assert_eq!(stream.closed().await, 4409, "a new password ends his sessions");
    assert_eq!(server.with(&token, "GET", "/api/v1/me", "").await.status, 401);
    assert_eq!(server.login("%E6%96%B0%E4%BA%BA", "q").await.status, 200);
    server.advance_ms(1000);
    let mut stream = Socket::open(server.address, &server.token_of("新人")).await;
    assert_eq!(ask(&server, &admin, "users.remove", path, &Value::Null).await.0, 204);
    assert_eq!(stream.closed().await, 4409);
    assert_eq!(server.login("%E6%96%B0%E4%BA%BA", "q").await.status, 401);
    assert_eq!(server.users.list().unwrap().len(), 3, "it is in the file");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let server = server().await;
    let (admin, trader) = (server.token_of("vnpy"), server.token_of("trader"));
    let before = std::fs::read(server.users.path()).unwrap();
    let good = json!({ "name": "x", "password": "p", "role": "viewer" });
    let cases = [
        ("users.add", "/users", json!({ "name": "x", "password": "p" }), 422, "invalid"),
        ("users.add", "/users", json!({ "name": "x", "password": "p", "role": "king" }), 422, "invalid"),
        ("users.add", "/users", json!({ "name": "x", "password": "", "role": "viewer" }), 422, "invalid"),
        ("users.add", "/users", json!({ "name": "名".repeat(30), "password": "p", "role": "viewer" }), 422, "invalid"),
        ("users.add", "/users", json!({ "name": "x", "password": "p", "role": "viewer", "hash": "y" }), 422, "invalid"),
        ("users.change", "/users/nobody", json!({ "role": "viewer" }), 404, "user_not_found"),
        ("users.change", "/users/vnpy", json!({ "role": "trader" }), 409, "last_admin"),
        ("users.change", "/users/trader", json!({ "role": 1 }), 422, "invalid"),
        ("users.remove", "/users/nobody", Value::Null, 404, "user_not_found"),
        ("users.remove", "/users/vnpy", Value::Null, 409, "own_user"),
    ];
    for (name, path, body, status, wanted) in cases {
        let (given, answer) = ask(&server, &admin, name, path, &body).await;
        assert_eq!((given, code(&answer).as_str()), (status, wanted), "{name} {path} {body}");
    }
    for (name, path, body) in [
        ("users.list", "/users", Value::Null),
        ("users.add", "/users", good),
        ("users.change", "/users/trader", json!({ "role": "admin" })),
        ("users.remove", "/users/viewer", Value::Null),
    ] {
        let (status, answer) = ask(&server, &trader, name, path, &body).await;
        assert_eq!((status, code(&answer).as_str()), (403, "forbidden"), "{name}");
        assert_eq!(ask(&server, "x", name, path, &body).await.0, 401, "{name}");
    }
    assert_eq!(std::fs::read(server.users.path()).unwrap(), before);
    assert_eq!(ask(&server, &admin, "users.change", "/users/viewer", &json!({ "role": "admin" })).await.0, 200);
    assert_eq!(ask(&server, &admin, "users.change", "/users/vnpy", &json!({ "role": "viewer" })).await.0, 200);
    assert_eq!(
        ask(&server, &admin, "users.list", "/users", &Value::Null).await.0,
        403,
        "it counts from the next request on"
    );
}

#[tokio::test]
async fn the_first_user_takes_over_from_the_configured_one() {
    let server = Server::start().await;
    let list = ask(&server, &server.token, "users.list", "/users", &Value::Null).await.1.json();
    assert_eq!(list, json!([{ "name": "vnpy", "role": "admin", "configured": true, "sessions": 1 }]));
    for (name, body) in [("users.change", json!({ "role": "viewer" })), ("users.remove", Value::Null)] {
        let (status, answer) = ask(&server, &server.token, name, "/users/vnpy", &body).await;
        assert_eq!((status, code(&answer).as_str()), (409, "configured_user"));
    }
    let add = async |role: &str| {
        let body = json!({ "name": "alice", "password": PASSWORD, "role": role });
        ask(&server, &server.token, "users.add", "/users", &body).await
    };
    let (status, answer) = add("trader").await;
    assert_eq!((status, code(&answer).as_str()), (409, "last_admin"), "nobody could add another one then");
    assert_eq!(add("admin").await.0, 201);
    assert_eq!(add("admin").await.0, 401, "the configured one is over");
    assert_eq!(server.login("alice", "correct+horse").await.status, 200);
}

#[tokio::test]
async fn roles_that_the_command_line_gives_count_in_a_running_server() {
    let server = server().await;
    let token = server.token_of("viewer");
    let change = web::auth::UserChange { role: Some(web::auth::Role::Trader), ..web::auth::UserChange::default() };
    server.users.update("viewer", change, 1).unwrap();
    // A login reads the file again at once; else it is seen within seconds.
    assert_eq!(server.login("viewer", "correct+horse").await.status, 200);
    assert_eq!(server.with(&token, "GET", "/api/v1/me", "").await.json()["role"], "trader");
    server.users.set_password("viewer", &Password::new("new"), 1_767_576_601).unwrap();
    assert_eq!(server.login("viewer", "new").await.status, 200);
    assert_eq!(server.with(&token, "GET", "/api/v1/me", "").await.status, 401);
}
