//! The JSON interface, below `/api/v1`.

mod attachments;
mod drafts;
mod entries;
mod events;
mod status;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Served;

/// The description's head; the paths are added where they are routed, so none is described that is not there.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Détente node",
        description = "A party's node: submit signed entries, have drafts released, query logs, fetch receipts, follow events. \
                       The paths of logs, witnesses and mirrors themselves are those of C2SP (https://c2sp.org) and not part of this description.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    modifiers(&Security),
    components(schemas(super::Problem))
)]
struct Description;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme =
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        description
            .components
            .get_or_insert_default()
            .add_security_scheme("token", scheme);
    }
}

fn described() -> (Router<Served>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(status::status))
        .routes(routes!(status::logs))
        .routes(routes!(status::trust))
        .routes(routes!(status::evidence))
        .routes(routes!(status::accounts))
        .routes(routes!(entries::submit, entries::query))
        .routes(routes!(entries::entry))
        .routes(routes!(entries::receipt))
        .routes(routes!(drafts::put, drafts::list))
        .routes(routes!(drafts::read, drafts::withdraw))
        .routes(routes!(drafts::release))
        .routes(routes!(attachments::upload))
        .routes(routes!(attachments::fetch))
        .routes(routes!(events::events))
        .split_for_parts()
}

pub(super) fn routes() -> Router<Served> {
    let (router, description) = described();
    router.route(
        "/api/v1/openapi.json",
        get(move || {
            let description = description.clone();
            async move { axum::Json(description) }
        }),
    )
}

/// The description of the interface, OpenAPI 3.1, as JSON.
#[must_use]
pub fn open_api() -> String {
    described()
        .1
        .to_pretty_json()
        .map(|text| text + "\n")
        .unwrap_or_default()
}
