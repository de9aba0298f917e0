"""OpenStack Swift in one process: ring, account, container and object server, and a proxy whose s3api speaks S3.

usage: swift_server.py <directory on a file system with extended attributes> <bucket>...
Prints "listening <port>" when it serves. Access key test:tester, secret testing. Python packages: Debian's python3-swift.
"""
import logging
import os
import sys

import eventlet
import eventlet.wsgi

eventlet.monkey_patch()

from swift.account.server import AccountController
from swift.common import storage_policy, utils
from swift.common.ring import RingBuilder
from swift.common.swob import Request
from swift.common.wsgi import loadapp
from swift.container.server import ContainerController
from swift.obj.server import ObjectController

PROXY = """
[DEFAULT]
swift_dir = {directory}
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
auth_pipeline_check = false
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
user_test_reader = reading
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


class Cache:
    """What memcached is for Swift."""

    def __init__(self):
        self.values = {}

    def get(self, key, **_):
        return self.values.get(key)

    def set(self, key, value, **_):
        self.values[key] = value

    def incr(self, key, delta=1, **_):
        self.values[key] = int(self.values.get(key) or 0) + delta
        return self.values[key]

    def delete(self, key, **_):
        self.values.pop(key, None)


def ring(directory, name, port):
    builder = RingBuilder(1, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'disk'})
    builder.rebalance()
    builder.get_ring().save(os.path.join(directory, name + '.ring.gz'))


def serve(listener, app):
    quiet = logging.getLogger('quiet')
    quiet.disabled = True
    return eventlet.spawn(eventlet.wsgi.server, listener, app, quiet, custom_pool=eventlet.GreenPool(200))


def main(directory, buckets):
    utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b'ebb', b'test'
    utils.SWIFT_CONF_FILE = os.path.join(directory, 'swift.conf')
    with open(utils.SWIFT_CONF_FILE, 'w') as file:
        file.write('[swift-hash]\nswift_hash_path_prefix = ebb\nswift_hash_path_suffix = test\n')
    storage_policy.reload_storage_policies()
    os.makedirs(os.path.join(directory, 'disk'))
    settings = {'devices': directory, 'swift_dir': directory, 'mount_check': 'false', 'workers': '0'}
    for name, controller in ('account', AccountController), ('container', ContainerController), ('object', ObjectController):
        listener = eventlet.listen(('127.0.0.1', 0))
        ring(directory, name, listener.getsockname()[1])
        serve(listener, controller(settings))

    config = os.path.join(directory, 'proxy.conf')
    with open(config, 'w') as file:
        file.write(PROXY.format(directory=directory))
    proxy, cache = loadapp(config), Cache()

    def app(environ, start_response):
        environ['swift.cache'] = cache
        return proxy(environ, start_response)

    for bucket in buckets:
        request = Request.blank('/v1/AUTH_test/' + bucket, method='PUT', environ={
            'swift.authorize_override': True, 'swift.authorize': lambda _: None, 'REMOTE_USER': 'test'})
        response = request.get_response(app)
        if not response.is_success:
            sys.exit('bucket %s: %s' % (bucket, response.status))

    listener = eventlet.listen(('127.0.0.1', 0))
    print('listening', listener.getsockname()[1], flush=True)
    serve(listener, app).wait()


main(sys.argv[1], sys.argv[2:])
