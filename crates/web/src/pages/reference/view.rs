//! The OpenAPI document, operation by operation.

use serde_json::{Map, Value};

use super::{ApiDocsPage, ApiField, ApiOperation, ApiResponse, ApiTag, schema::Schemas};
use crate::{layout::Layout, text::Text};

/// The methods in the order in which they are told.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(super) fn page(layout: Layout, document: &Value, t: &Text) -> ApiDocsPage {
    let schemas = Schemas::new(document, t);
    ApiDocsPage {
        layout,
        title: text(&document["info"]["title"]),
        version: text(&document["info"]["version"]),
        description: paragraphs(&document["info"]["description"]),
        tags: tags(document, &schemas),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn paragraphs(value: &Value) -> Vec<String> {
    value.as_str().unwrap_or_default().split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned).collect()
}

/// The operations by their first tag, in the order of the paths.
fn tags(document: &Value, schemas: &Schemas<'_>) -> Vec<ApiTag> {
    let mut tags: Vec<ApiTag> = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, methods) in paths {
        for (method, described) in METHODS.iter().filter_map(|method| Some((method, methods.get(method)?))) {
            let key = text(&described["tags"][0]);
            let operation = operation(method, path, described, schemas);
            match tags.iter_mut().find(|tag| tag.key == key) {
                Some(tag) => tag.operations.push(operation),
                None => tags.push(ApiTag { name: capitalised(&key), key, description: None, operations: vec![operation] }),
            }
        }
    }
    tags
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn operation(method: &str, path: &str, described: &Value, schemas: &Schemas<'_>) -> ApiOperation {
    let parameters = described["parameters"].as_array().into_iter().flatten();
    let summary = match described["summary"].as_str() {
        Some(summary) => summary.to_owned(),
        None => path.to_owned(),
    };
    ApiOperation {
        key: key(method, path),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary,
        description: paragraphs(&described["description"]),
        deprecated: described["deprecated"] == true,
        parameters: parameters.map(|one| parameter(one, schemas)).collect(),
        body: json_fields(&described["requestBody"], schemas),
        responses: responses(&described["responses"], schemas),
    }
}

/// Names an operation in the page: `get-api-v1-customers-customer_id`.
fn key(method: &str, path: &str) -> String {
    let parts = path.split(['/', '{', '}']).filter(|part| !part.is_empty());
    std::iter::once(method).chain(parts).collect::<Vec<_>>().join("-")
}

fn parameter(described: &Value, schemas: &Schemas<'_>) -> ApiField {
    ApiField {
        name: text(&described["name"]),
        place: text(&described["in"]),
        kind: schemas.kind(&described["schema"]),
        required: described["required"] == true,
        description: described["description"].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned),
    }
}

fn responses(described: &Value, schemas: &Schemas<'_>) -> Vec<ApiResponse> {
    let none = Map::new();
    let response = |(status, described): (&String, &Value)| ApiResponse {
        status: status.clone(),
        description: text(&described["description"]),
        fields: json_fields(described, schemas),
    };
    described.as_object().unwrap_or(&none).iter().map(response).collect()
}

/// The fields of a JSON body, whatever its exact media type.
fn json_fields(described: &Value, schemas: &Schemas<'_>) -> Vec<ApiField> {
    let content = described["content"].as_object().into_iter().flatten();
    let json = content.into_iter().find(|(kind, _)| kind.contains("json")).map(|(_, media)| &media["schema"]);
    json.map(|schema| schemas.fields(schema)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{api, text::ENGLISH};

    #[test]
    fn every_operation_of_the_api_is_described() {
        let document = serde_json::from_str(&api::openapi_text()).unwrap();
        let page = page(Layout::public(""), &document, &ENGLISH);
        let operations: Vec<&ApiOperation> = page.tags.iter().flat_map(|tag| &tag.operations).collect();
        assert!(operations.len() > 30, "{}", operations.len());
        assert_eq!(operations.iter().map(|one| &one.key).collect::<HashSet<_>>().len(), operations.len());
        for one in &operations {
            assert!(!one.summary.is_empty() && !one.responses.is_empty(), "{}", one.key);
            for field in one.parameters.iter().chain(&one.body).chain(one.responses.iter().flat_map(|answer| &answer.fields)) {
                assert!(!field.name.is_empty() && !field.kind.is_empty() && !field.name.contains('$'), "{}: {field:?}", one.key);
            }
        }
        let create = operations.iter().find(|one| one.key == "post-api-v1-customers").unwrap();
        let name = create.body.iter().find(|field| field.name == "name").unwrap();
        assert!(name.required && name.kind.starts_with("string"), "{name:?}");
        let list = operations.iter().find(|one| one.key == "get-api-v1-portfolio").unwrap();
        assert!(list.responses[0].fields.iter().any(|field| field.name == "items[].progress.total"), "{:?}", list.responses[0].fields);
    }
}
