use pyo3_ffi::*;
use std::ptr;

#[cfg(not(fast_path))]
compile_error!("the flags of .cargo/config.toml are part of every build");

// SAFETY: a view of floats is asked for, whose buffer has `len` bytes until it is released.
unsafe extern "C" fn total(_module: *mut PyObject, values: *mut PyObject) -> *mut PyObject {
    let mut view: Py_buffer = Py_buffer::new();
    if PyObject_GetBuffer(values, &mut view, PyBUF_CONTIG_RO) < 0 {
        return ptr::null_mut();
    }
    let items = view.buf as *const f64;
    let mut sum = 0.0;
    for i in 0..view.len as usize / 8 {
        sum += *items.add(i);
    }
    PyBuffer_Release(&mut view);
    PyFloat_FromDouble(sum)
}

static mut METHODS: [PyMethodDef; 2] = [
    PyMethodDef {
        ml_name: c"total".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: total },
        ml_flags: METH_O,
        ml_doc: ptr::null(),
    },
    PyMethodDef::zeroed(),
];

static mut MODULE: PyModuleDef = PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"maturin_rust".as_ptr(),
    m_doc: ptr::null(),
    m_size: 0,
    m_methods: ptr::addr_of_mut!(METHODS) as *mut PyMethodDef,
    m_slots: ptr::null_mut(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
};

// SAFETY: Python calls this once, with the GIL.
#[no_mangle]
pub unsafe extern "C" fn PyInit_maturin_rust() -> *mut PyObject {
    PyModule_Create(ptr::addr_of_mut!(MODULE))
}
