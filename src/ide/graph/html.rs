//! A page around the picture: it can be moved with the mouse and zoomed with the wheel.

use super::xml;

const STYLE: &str = "\
html, body { margin: 0; height: 100%; overflow: hidden; font: 14px system-ui, sans-serif; \
background: Canvas; color-scheme: light dark; }
svg { width: 100%; height: 100%; cursor: grab; }
svg.moving { cursor: grabbing; }
";

/// Moves and zooms by the view box, so that nothing is drawn anew. A double click shows all again.
const SCRIPT: &str = "\
const svg = document.querySelector('svg');
const whole = svg.getAttribute('viewBox').split(' ').map(Number);
let view = [...whole], from;
const show = () => svg.setAttribute('viewBox', view.join(' '));
const scale = () => Math.max(view[2] / svg.clientWidth, view[3] / svg.clientHeight);
svg.removeAttribute('width'); svg.removeAttribute('height');
svg.addEventListener('wheel', (event) => {
  event.preventDefault();
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const factor = Math.exp(event.deltaY / 500);
  if (view[2] * factor < 50 || view[2] * factor > whole[2] * 20) return;
  view = [point.x - (point.x - view[0]) * factor, point.y - (point.y - view[1]) * factor,
    view[2] * factor, view[3] * factor];
  show();
}, { passive: false });
svg.addEventListener('pointerdown', (event) => {
  from = [event.clientX, event.clientY, view[0], view[1]];
  svg.setPointerCapture(event.pointerId); svg.classList.add('moving');
});
svg.addEventListener('pointermove', (event) => {
  if (!from) return;
  view[0] = from[2] - (event.clientX - from[0]) * scale();
  view[1] = from[3] - (event.clientY - from[1]) * scale();
  show();
});
svg.addEventListener('pointerup', () => { from = undefined; svg.classList.remove('moving'); });
svg.addEventListener('dblclick', () => { view = [...whole]; show(); });
";

/// Renders the page.
pub(super) fn render(svg: &str, title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{svg}<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        xml(title)
    )
}
