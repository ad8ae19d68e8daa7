// Moving about on the map: drag, wheel, arrow keys. The address follows; after a pause the finer outlines are fetched.
const WAIT = 450;

function start(figure) {
  const svg = figure.querySelector("svg");
  const home = svg.viewBox.baseVal;
  let box = { x: home.x, y: home.y, width: home.width, height: home.height };
  let timer;

  const draw = () => svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  const later = () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(settle, WAIT);
  };

  // The plane is 3,600 wide (Miller's projection), its upper edge at 83.7 degrees north.
  const miller = (latitude) => 1.25 * Math.log(Math.tan(Math.PI / 4 + 0.4 * latitude * Math.PI / 180));
  function said() {
    const longitude = (box.x + box.width / 2) / 10 - 180;
    const up = miller(83.7) - (box.y + box.height / 2) * 2 * Math.PI / 3600;
    const latitude = 2.5 * (Math.atan(Math.exp(0.8 * up)) - Math.PI / 4) * 180 / Math.PI;
    const zoom = Math.min(40, Math.max(1, 3600 / box.width));
    return [latitude, longitude, zoom].map((value) => String(Number(value.toPrecision(4)))).join(",");
  }

  async function settle() {
    const address = new URL(location);
    address.searchParams.set("map", said());
    history.replaceState(null, "", address);
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.querySelector("#map");
    if (!drawn || address.href !== location.href) return;
    figure.replaceWith(drawn);
    start(drawn);
    const facets = page.querySelector(".facets"), here = document.querySelector(".facets");
    if (facets && here) here.replaceWith(facets);
  }

  function zoom(by, x = box.x + box.width / 2, y = box.y + box.height / 2) {
    const width = Math.min(3600, Math.max(90, box.width / by));
    const share = width / box.width;
    box = { x: x - (x - box.x) * share, y: y - (y - box.y) * share, width, height: box.height * share };
    later();
  }

  const at = (event) => {
    const area = svg.getBoundingClientRect();
    return [box.x + (event.clientX - area.left) / area.width * box.width, box.y + (event.clientY - area.top) / area.height * box.height];
  };

  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });

  let held = null, moved = false;
  svg.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, box };
    moved = false;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held || !(event.buttons & 1)) return;
    const area = svg.getBoundingClientRect();
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (!moved && Math.hypot(dx, dy) < 4) return;
    if (!moved) svg.setPointerCapture(event.pointerId);
    moved = true;
    svg.classList.add("moving");
    box = { ...box, x: held.box.x - dx / area.width * box.width, y: held.box.y - dy / area.height * box.height };
    later();
  });
  const drop = () => {
    held = null;
    svg.classList.remove("moving");
  };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  // A drag that ends over a country is no choice of it.
  svg.addEventListener("click", (event) => {
    if (moved) {
      event.preventDefault();
      event.stopPropagation();
      moved = false;
    }
  }, true);

  svg.setAttribute("tabindex", "0");
  const keys = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
  svg.addEventListener("keydown", (event) => {
    if (event.target !== svg) return;
    if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (keys[event.key]) {
      const [dx, dy] = keys[event.key];
      box = { ...box, x: box.x + dx * box.width, y: box.y + dy * box.height };
      later();
    } else return;
    event.preventDefault();
  });
}

for (const figure of document.querySelectorAll(".map[data-live]")) start(figure);
