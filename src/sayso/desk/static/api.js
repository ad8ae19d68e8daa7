// The documentation of the API, drawn by Swagger UI from what the desk says of itself.
SwaggerUIBundle({ url: "/openapi.json", domNode: document.getElementById("api"), validatorUrl: null, deepLinking: true });
