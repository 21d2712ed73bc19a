import { PixelRenderer } from "./pixels.js";

// Points drawn by WebGL, where a graphics card computes it.
//
// Each point has a place, a color with its opacity, a shape and a size; while places change, it moves from the
// old one to the new. No code is made of text, as libraries for WebGL do, so the page can forbid it.

const VERTEX = `#version 300 es
in vec2 before; in vec2 after; in vec4 color; in vec2 form;
uniform vec2 scale; uniform vec2 center; uniform float moved; uniform float size;
out vec4 tint; flat out int shape;
void main() {
  gl_Position = vec4((mix(before, after, moved) - center) * scale, 0.0, 1.0);
  gl_PointSize = size * (0.75 + 0.75 * form.y / 255.0);
  tint = color; shape = int(form.x);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 tint; flat in int shape; out vec4 result;
void main() {
  vec2 at = abs(gl_PointCoord * 2.0 - 1.0);
  float far = shape == 0 ? length(at) : shape == 1 ? max(at.x, at.y) * 1.2 : shape == 2 ? at.x + at.y
    : max(at.x + (1.0 - gl_PointCoord.y), gl_PointCoord.y);
  float opacity = tint.a * (1.0 - smoothstep(0.75, 1.0, far));
  if (opacity < 0.01) discard;
  result = vec4(tint.rgb * opacity, opacity);
}`;

export function rendererFor(canvas) {
  const wanted = location.hash === "#webgl"; // an address that ends so has WebGL in any case
  return wanted || isAccelerated() ? new GlRenderer(canvas) : new PixelRenderer(canvas);
}

// Whether there is WebGL that is not emulated, as its name tells where it has one.
function isAccelerated() {
  const gl = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (!gl) return false;
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return !names || !/swiftshader|llvmpipe|software|basic render/i.test(gl.getParameter(names.UNMASKED_RENDERER_WEBGL));
}

class GlRenderer {
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false });
    this.gl = gl;
    this.sharpest = 2; // pixels of the canvas in one of the page
    this.count = 0;
    this.build();
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.build();
      for (const [name, values] of Object.entries(this.values)) this.fill(name, values);
    });
  }

  build() {
    const { gl } = this;
    this.program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(this.program));
    this.places = {};
    for (const name of ["scale", "center", "moved", "size"]) {
      this.places[name] = gl.getUniformLocation(this.program, name);
    }
    this.buffers = {};
    this.values ??= {};
    for (const [name, length, type, unit] of [
      ["before", 2, gl.FLOAT, false], ["after", 2, gl.FLOAT, false],
      ["color", 4, gl.UNSIGNED_BYTE, true], ["form", 2, gl.UNSIGNED_BYTE, false],
    ]) {
      const buffer = gl.createBuffer();
      const place = gl.getAttribLocation(this.program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, length, type, unit, 0, 0);
      this.buffers[name] = buffer;
    }
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  // before, after: Float32Array (2n); color: Uint8Array (4n); form: shape and weight, Uint8Array (2n).
  fill(name, values) {
    this.values[name] = values;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, values, this.gl.DYNAMIC_DRAW);
    if (name === "after") this.count = values.length / 2;
  }

  draw({ camera, width, height, ratio, moved, size }) {
    const { gl, places } = this;
    const scale = camera.scale(width, height);
    gl.viewport(0, 0, width * ratio, height * ratio);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(places.scale, (2 * scale) / width, (2 * scale) / height);
    gl.uniform2f(places.center, camera.x, camera.y);
    gl.uniform1f(places.moved, moved);
    gl.uniform1f(places.size, size * ratio);
    gl.drawArrays(gl.POINTS, 0, this.count);
  }
}
